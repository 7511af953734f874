// The bar at the foot of a photo's page: a verdict on what the shown method made of the photo.

import { find } from "../dom.js";
import { collected, download, exportFile } from "./download.js";
import { asText, issueAddress, report } from "./issue.js";
import { onKeys } from "./keys.js";
import { migrate } from "./migrate.js";
import { showOthers } from "./others.js";
import { sheetIn } from "./sheet.js";
import { announce, announceMissing, copy } from "./status-line.js";
import * as store from "./store.js";
import { now } from "./time.js";
import { crop, link, shownMethod, toPicture } from "./view.js";
import { carryWay } from "./way.js";
import { summary } from "./words.js";

const FLAWLESS = "good"; // the verdict that takes no reasons

const section = find(document, ".review");
const data = /** @type {ReviewBarData} */ (section.dataset); // of the photo in view
const statusLine = find(section, ".status-line");
const note = find(section, ".note", HTMLInputElement);

/** @type {NodeListOf<HTMLButtonElement>} */
const verdictButtons = section.querySelectorAll(".verdicts button");
/** @type {NodeListOf<HTMLButtonElement>} */
const reasonButtons = section.querySelectorAll(".reasons button");

function readResults() {
  /** @type {NodeListOf<HTMLElement>} */
  const blocks = section.querySelectorAll(".reviewed-result");
  return [...blocks].map((block) => {
    const { method, title, resultSha256 } = /** @type {ReviewedResultData} */ (block.dataset);
    return { block, method, title, photo_sha256: data.sha256, result_sha256: resultSha256 };
  });
}

let results = readResults();
let [result] = results; // the one that is judged

const key = () => store.keyOf({ ...result, reviewer: store.reviewer() });

/** @type {Verdict | undefined} */
let current;
/** @type {{ show: () => void } | undefined} */
let sheet; // where the photo was reached through one
let carry = () => {};

function show() {
  current = store.verdicts.all().get(key());
  for (const { block } of results) block.hidden = block !== result.block;
  for (const button of verdictButtons) press(button, button.value === current?.verdict);
  for (const button of reasonButtons) press(button, current?.reasons.includes(button.value));
  find(section, ".judged").textContent = result.title;
  find(section, ".explanation").hidden = !current;
  find(section, ".reasons").hidden = current?.verdict === FLAWLESS;
  if (document.activeElement !== note) note.value = current?.note ?? "";
  find(section, ".verdicts").ariaLabel = `Verdict on ${result.title}`;
  find(section, ".not-kept").hidden = store.isKeeping();
  showOthers(result.block, result);
  showIssueAddress();
}

/** Turns to the result in view; what was typed belongs to the one that was in view till now. */
function follow() {
  carry();
  const method = shownMethod();
  const inView = results.find((each) => each.method === method) ?? results[0];
  if (inView === result) return showIssueAddress();
  saveNote();
  result = inView;
  note.value = store.verdicts.all().get(key())?.note ?? "";
  show();
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} [isPressed]
 */
function press(button, isPressed = false) {
  button.ariaPressed = String(isPressed);
}

function showIssueAddress() {
  if (!current || !data.repository) return;
  const anchor = find(section, ".report", HTMLAnchorElement);
  anchor.href = issueAddress(data.repository, report(current, data.title, link(), crop()));
}

function copyReport() {
  if (!current) return;
  copy(asText(report(current, data.title, link(), crop())), statusLine, "Text copied.");
}

/**
 * Saves the verdict with some fields changed; `sentence` says so.
 * @param {Partial<Verdict>} changes
 * @param {(verdict: Verdict) => string} sentence
 */
function save(changes, sentence) {
  const { block, title, ...about } = result;
  const { verdict, reasons, note } = current ?? { verdict: "", reasons: [], note: "" };
  const saved = {
    ...{ reviewer: store.reviewer(), photo: data.photo, ...about },
    ...{ verdict, reasons, note },
    ...{ link: link(), when: now(current?.when) },
    ...changes,
  };
  store.verdicts.add([saved]);
  say(sentence(saved));
}

/** @param {string} sentence */
function say(sentence) {
  show();
  sheet?.show();
  announce(statusLine, sentence);
}

/** @param {Verdict} verdict */
const saved = (verdict) => `Saved: ${summary(verdict)} · ${result.title}`;

/** @param {string} verdict */
function judge(verdict) {
  if (current?.verdict !== verdict) {
    return save(verdict === FLAWLESS ? { verdict, reasons: [] } : { verdict }, saved);
  }
  store.verdicts.remove([key()]);
  say(`Verdict taken back · ${result.title}`);
}

/** @param {HTMLButtonElement} toggled */
function toggleReason(toggled) {
  const isChosen = (/** @type {HTMLButtonElement} */ button) =>
    (button.ariaPressed === "true") !== (button === toggled);
  const reasons = [...reasonButtons].filter(isChosen).map(({ value }) => value);
  save({ reasons }, saved);
}

function saveNote() {
  const text = note.value.trim();
  if (!current || text === current.note) return;
  const seen = shownMethod() === result.method ? link() : current.link;
  save({ note: text, link: seen }, () => `Note saved · ${result.title}`);
}

function exportMine() {
  if (!store.reviewer()) store.setReviewer(prompt("Your name, for the file:") ?? "");
  if (store.reviewer()) download(exportFile(data.build, collected()));
  show();
}

/** Begins with the photo that the page shows now. */
function begin() {
  results = readResults();
  [result] = results;
  note.value = "";
  carry = carryWay(section, data.photoPages);
  if (sheetIn(location.search).ids.length) {
    import("./sheet-bar.js")
      .then(({ followSheet }) => {
        sheet = followSheet(section, statusLine, carry);
      })
      .catch(() => announceMissing(statusLine));
  }
  follow();
  show();
}

/** @param {MouseEvent} event */
function goOn(event) {
  const { href } = find(section, ".next", HTMLAnchorElement);
  if (!document.fullscreenElement || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault(); // another page would leave full screen
  import("./turn.js")
    .then(({ turnTo }) => turnTo(section, href, begin))
    .catch(() => location.assign(href));
}

function writeNote() {
  if (current) note.focus();
}

migrate(data.photoPages);
/** @type {Record<string, () => void>} */
const actions = { n: () => find(section, ".next").click(), j: writeNote };
/** @param {HTMLButtonElement} button */
const keyOfButton = (button) => button.ariaKeyShortcuts?.toLowerCase() ?? "";
for (const button of reasonButtons) {
  button.addEventListener("click", () => toggleReason(button));
  actions[keyOfButton(button)] = () => current && current.verdict !== FLAWLESS && button.click();
}
for (const button of verdictButtons) {
  const act = () => judge(button.value);
  button.addEventListener("click", act);
  actions[keyOfButton(button)] = act;
}
note.addEventListener("change", saveNote);
note.addEventListener("keydown", ({ key, isComposing }) => {
  if (key === "Enter" && !isComposing) toPicture();
});
find(section, ".next").addEventListener("click", goOn);
addEventListener("pagehide", saveNote);
addEventListener("pageshow", show);
find(section, ".export").addEventListener("click", exportMine);
if (!data.repository) find(section, ".report").addEventListener("click", copyReport);
onKeys(actions);
store.onOtherTabs(show);
document.addEventListener("viewchange", follow);
begin();
