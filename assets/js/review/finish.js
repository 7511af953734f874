// The end of a review sheet: what to do with the verdicts on its photos.

import { find } from "../dom.js";
import { collected, download, exportFile } from "./download.js";
import { exportText } from "./format.js";
import { issueAddress } from "./issue.js";
import { announce, copy } from "./status-line.js";
import { reviewer, setReviewer } from "./store.js";
import { short } from "./subjects.js";

const LONGEST = 6_000; // characters of an address that servers and mail programs take

/**
 * Returns what this browser's reviewer said of the photos.
 * @param {IndexedPhoto[]} photos
 */
function saidOf(photos) {
  const wanted = new Set(photos.map(({ sha256 }) => sha256));
  const { verdicts, preferences } = collected();
  const isWanted = (/** @type {{ photo_sha256: string }} */ said) =>
    wanted.has(short(said.photo_sha256));
  return { verdicts: verdicts.filter(isWanted), preferences: preferences.filter(isWanted) };
}

/**
 * Returns the address of a new issue, or of an e-mail, that holds the text where it is short enough.
 * @param {string} repository
 * @param {string} title
 * @param {string} text
 */
function messageAddress(repository, title, text) {
  const address = (/** @type {string} */ body) =>
    repository
      ? issueAddress(repository, { title, body })
      : `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(body)}`;
  const whole = address(text);
  return whole.length > LONGEST ? address("Please find the file of verdicts attached.") : whole;
}

/**
 * Shows the part of the page, and brings it to life the first time.
 * @param {HTMLElement} page
 * @param {IndexedPhoto[]} photos
 */
export function showFinish(page, photos) {
  const part = find(page, ".finish");
  if (!part.hidden) return;
  const { build, repository } = /** @type {SheetPageData} */ (page.dataset);
  const name = find(part, ".reviewer-of-sheet", HTMLInputElement);
  const statusLine = find(part, ".status-line");
  const send = find(part, ".send", HTMLAnchorElement);
  const share = find(part, ".share");
  const file = () => exportFile(build, saidOf(photos));
  const text = () => {
    const { verdicts, preferences } = saidOf(photos);
    return exportText(build, verdicts, preferences);
  };

  /** @param {() => void} act what needs the reviewer's name */
  const named = (act) => (/** @type {Event} */ event) => {
    if (reviewer()) return act();
    event.preventDefault();
    name.focus();
    announce(statusLine, "Please enter your name first; it goes into the file.");
  };
  const address = () => {
    send.href = messageAddress(repository, `Verdicts of ${reviewer()}`, text());
  };

  name.value = reviewer();
  name.addEventListener("change", () => setReviewer(name.value));
  send.textContent = repository ? "Open an issue" : "Write an e-mail";
  share.hidden = !navigator.canShare?.({ files: [file()] });
  share.addEventListener(
    "click",
    named(() => navigator.share({ files: [file()], title: "Verdicts" }).catch(() => {})),
  );
  find(part, ".save").addEventListener(
    "click",
    named(() => download(file())),
  );
  find(part, ".copy").addEventListener(
    "click",
    named(() => copy(text(), statusLine, "Text copied.")),
  );
  send.addEventListener("click", named(address));
  part.hidden = false;
}
