// The page of a blind review: the photos of a sheet one after the other, two results of each as A and
// B, and votes on which is better. Names are not in the page before all photos are voted on.

import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { hideNames } from "./anonymous.js";
import { addressOf, duelsOf, votesNow } from "./duel.js";
import { onKeys } from "./keys.js";
import { fetchPage } from "./page.js";
import { fetchIndex, nameless, pageOf, queryOf, sheetIn } from "./sheet.js";
import { announce } from "./status-line.js";
import * as store from "./store.js";
import { now } from "./time.js";
import { toPicture, way } from "./view.js";

const NOT_LOADED = "The photo could not be loaded. Please reload the page.";

const section = find(document, ".review");
const data = /** @type {BlindPageData} */ (section.dataset);
const statusLine = find(section, ".status-line");
const next = find(section, ".next", HTMLAnchorElement);
/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = section.querySelectorAll(".votes button");
const sheet = sheetIn(location.search);
const query = queryOf(sheet);
const begin = newestWins();

/** @type {Duel[]} */
let duels = [];
/** @type {Duel | undefined} */
let duel; // the one in view
/** @type {VotedPhoto | undefined} */
let voted; // what a vote on it says
let isOver = false; // all were voted on before this page showed one: names are no secret any more

function show() {
  find(section, ".not-kept").hidden = store.isKeeping();
  if (!duel || !voted) return;
  const voteOn = votesNow();
  const choice = voteOn(duel)?.choice;
  for (const button of buttons) {
    button.ariaPressed = String(button.value === choice);
    button.disabled = isOver;
  }
  const count = duels.filter(voteOn).length;
  const at = duels.indexOf(duel);
  const position = find(section, ".position", HTMLAnchorElement);
  position.textContent = `${at + 1} of ${duels.length}, ${count} voted`;
  Object.assign(find(section, ".sheet-progress"), { value: count, max: duels.length });
  next.href = duels[at + 1] ? addressOf(data.page, query, duels[at + 1]) : data.sheet + query;
  next.childNodes[0].nodeValue = duels[at + 1] ? "Next " : "Finish ";
  const [a, b] = voted.sides.map(({ title }) => title);
  find(section, ".judged").textContent = isOver ? `A: ${a} · B: ${b}` : "Which result is better?";
}

/** @param {Preference["choice"]} choice */
function vote(choice) {
  if (!duel || !voted || isOver) return;
  const before = votesNow()(duel);
  if (before) store.preferences.remove([store.pairOf(before.preference)]);
  const isTakenBack = before?.choice === choice;
  if (!isTakenBack) {
    const when = now(before?.preference.when);
    store.preferences.add([{ reviewer: store.reviewer(), ...voted.about, choice, when }]);
  }
  show();
  const [button] = [...buttons].filter(({ value }) => value === choice);
  const word = button.firstChild?.nodeValue?.trim();
  announce(statusLine, isTakenBack ? "Vote taken back" : `Saved: ${word}`);
}

/**
 * Returns what the photo's own page says that a vote needs.
 * @param {Document} page
 * @param {Duel} shown
 * @returns {VotedPhoto}
 */
function votedOn(page, { sides }) {
  const { photo, sha256: photo_sha256 } = /** @type {ReviewBarData} */ (
    find(page, ".review").dataset
  );
  /** @type {NodeListOf<HTMLElement>} */
  const blocks = page.querySelectorAll(".reviewed-result");
  const [a, b] = sides.map((side) => {
    const found = [...blocks].map(({ dataset }) => dataset).find(({ method }) => method === side);
    const { method, title, resultSha256 } = /** @type {ReviewedResultData} */ (found ?? {});
    return { method, title, result_sha256: resultSha256 };
  });
  const side = (/** @type {Side} */ { method, result_sha256 }) => ({ method, result_sha256 });
  return { about: { photo, photo_sha256, a: side(a), b: side(b) }, sides: [a, b] };
}

/**
 * Shows a photo of the sheet.
 * @param {Duel} wanted
 * @param {string} [address] to be noted in the history
 */
async function open(wanted, address) {
  const isNewest = begin();
  const page = await fetchPage(wanted.page);
  if (!isNewest()) return;
  dispatchEvent(new Event("pagehide")); // the viewer notes its view
  if (address) history.pushState(null, "", address);
  voted = votedOn(page, wanted);
  duel = wanted;
  isOver = duels.every(votesNow());
  const viewer = find(page, "photo-compare");
  hideNames(viewer, voted.sides, addressOf(data.page, query, wanted));
  const place = find(document, ".compared");
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(viewer);
  if (hadFocus) toPicture();
  const { title } = wanted.photo;
  find(document, "h1").textContent = title;
  document.title = `${title} · ${data.title}`;
  show();
  if (address) announce(statusLine, `${duels.indexOf(wanted) + 1} of ${duels.length}: ${title}`);
}

const failed = () => announce(statusLine, NOT_LOADED);

/** Returns what the address names, or the first of the sheet. */
const named = () =>
  duels.find(({ at }) => String(at) === new URLSearchParams(location.search).get("at")) ?? duels[0];

/** @param {MouseEvent} event */
function goOn(event) {
  const following = duel && duels[duels.indexOf(duel) + 1];
  if (!following || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(following, next.href + way()).catch(failed);
}

async function start() {
  const { photos } = await fetchIndex(data.index);
  duels = duelsOf(sheet, photos, (id) => pageOf(data.photoPages, id));
  if (!duels.length) return location.replace(data.sheet + query);
  const view = nameless(sheet.view);
  if (!location.hash && view) history.replaceState(null, "", `#${view}`);
  await open(named());
}

addEventListener(
  "popstate",
  (event) => {
    if (!duels.length || named() === duel) return;
    event.stopImmediatePropagation();
    open(named()).catch(failed);
  },
  { capture: true },
);
/** @type {Record<string, () => void>} */
const actions = { n: () => next.click() };
for (const button of buttons) {
  const act = () => vote(/** @type {Preference["choice"]} */ (button.value));
  button.addEventListener("click", act);
  actions[button.ariaKeyShortcuts?.toLowerCase() ?? ""] = act;
}
next.addEventListener("click", goOn);
onKeys(actions);
store.onOtherTabs(show);
addEventListener("pageshow", show);
for (const link of document.querySelectorAll(".position, .to-sheet")) {
  /** @type {HTMLAnchorElement} */ (link).href = data.sheet + query;
}
start().catch(failed);
