// The page of a review sheet: its photos in order, how far one has come, and where to go on.

import { find } from "../dom.js";
import { showBadges } from "./badges.js";
import { addressOf, duelsOf, singleSentence, votesNow } from "./duel.js";
import { migrate } from "./migrate.js";
import {
  fetchIndex,
  fragmentOf,
  goneSentence,
  isReviewed,
  pageOf,
  queryOf,
  sheetIn,
} from "./sheet.js";
import { announce, announceMissing } from "./status-line.js";
import { judgedByMe, onOtherTabs, reviewer, verdicts } from "./store.js";
import { bySubject, subjectsOf } from "./subjects.js";
import { startTools } from "./tools.js";
import { readVocabulary } from "./vocabulary.js";
import { plural } from "./words.js";

const NOTHING_LEFT = "None of this sheet’s photos is in the gallery any more.";
const BLIND_LEDE =
  "Two results of each photo, A and B. Their names are shown when you have voted on all photos.";
const NOT_LOADED = "The list of photos could not be loaded. Please try again.";

const page = find(document, ".sheet");
const { index, photoPages, blindPage } = /** @type {SheetPageData} */ (page.dataset);
const grid = find(page, ".grid");
const statusLine = find(page, ".status-line");
const sheet = sheetIn(location.search);
const named = sheet.ids;
const done = sheet.blind ? "voted on" : "reviewed";

/** @type {Duel[]} */
let duels = []; // of a blind sheet

/**
 * Returns an item of the grid.
 * @param {IndexedPhoto} photo
 * @param {string} href
 */
function gridItem({ title, src }, href) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const image = document.createElement("img");
  const name = document.createElement("span");
  link.href = href;
  Object.assign(image, { alt: "", loading: "lazy", decoding: "async", src });
  Object.assign(name, { className: "name", textContent: title });
  link.append(image, name);
  item.append(link);
  return item;
}

/** @param {IndexedPhoto[]} photos */
function areReviewed(photos) {
  const judged = judgedByMe();
  return photos.map((photo) => isReviewed(photo, judged, sheet.method));
}

/** @param {IndexedPhoto[]} photos */
async function finish(photos) {
  const { showFinish } = await import("./finish.js");
  showFinish(page, photos);
  if (!sheet.blind) return;
  const { reveal } = await import("./reveal.js");
  reveal(page, duels, votesNow());
}

/** @param {IndexedPhoto[]} photos */
function showProgress(photos) {
  const isDone = sheet.blind ? duels.map(votesNow()).map(Boolean) : areReviewed(photos);
  const count = isDone.filter(Boolean).length;
  const next = isDone.indexOf(false);
  const start = find(page, ".start", HTMLAnchorElement);
  Object.assign(find(page, "progress"), { value: count, max: photos.length });
  find(page, ".facts").textContent = `${plural(photos.length, "photo")}, ${count} ${done}`;
  if (next < 0) start.textContent = "Look again";
  else start.textContent = count ? `Continue with ${photos[next].title}` : "Start";
  if (next < 0) finish(photos).catch(() => announceMissing(statusLine));
  page.classList.toggle("is-blind", sheet.blind && next >= 0);
  start.href = find(grid.children[Math.max(next, 0)], "a", HTMLAnchorElement).href;
}

/** @param {IndexedPhoto[]} photos */
function show(photos) {
  const mine = reviewer();
  const groups = bySubject(verdicts.all().values(), mine);
  const words = readVocabulary(page).verdicts;
  showProgress(photos);
  if (sheet.blind) return; // badges name methods
  for (const [at, photo] of photos.entries()) {
    const subjects = subjectsOf(photo);
    const judged = subjects.flatMap((subject) => groups.get(subject) ?? []);
    const state = { verdicts: judged, isOpen: false, isOneOf: subjects.length > 1 };
    showBadges(/** @type {HTMLElement} */ (grid.children[at]), state, mine, words);
  }
}

/** @param {Record<string, IndexedPhoto>} known */
function fill(known) {
  const ids = named.filter((id) => pageOf(photoPages, id) in known);
  if (sheet.blind) duels = duelsOf(sheet, known, (id) => pageOf(photoPages, id));
  const photos = sheet.blind
    ? duels.map(({ photo }) => photo)
    : ids.map((id) => known[pageOf(photoPages, id)]);
  const gone = goneSentence(named.length - ids.length);
  const single = singleSentence(ids.length - photos.length);
  announce(statusLine, ids.length ? [gone, single].filter(Boolean).join(" ") : NOTHING_LEFT);
  if (!photos.length) return;
  const pages = sheet.blind
    ? duels.map((duel) => addressOf(blindPage, queryOf(sheet), duel))
    : ids.map((id) => pageOf(photoPages, id) + queryOf({ ...sheet, ids }) + fragmentOf(sheet));
  if (sheet.blind) {
    find(document, "h1").textContent = "Blind review";
    find(document, ".lede").textContent = BLIND_LEDE;
  }
  grid.append(...photos.map((photo, at) => gridItem(photo, pages[at])));
  for (const part of page.querySelectorAll(".sheet-part")) part.toggleAttribute("hidden", false);
  find(page, ".how-to").hidden = true;
  const showTools = startTools(find(page, ".tools"), () => show(photos));
  const refresh = () => {
    show(photos);
    showTools();
  };
  show(photos);
  onOtherTabs(refresh);
  addEventListener("pageshow", refresh);
}

migrate(photoPages);
if (named.length) {
  fetchIndex(index)
    .then(({ photos }) => fill(photos))
    .catch(() => announce(statusLine, NOT_LOADED));
}
