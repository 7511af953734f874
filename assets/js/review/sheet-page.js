// The page of a review sheet: its photos in order, how far one has come, and where to go on.

import { find } from "../dom.js";
import { showBadges } from "./badges.js";
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
const NOT_LOADED = "The list of photos could not be loaded. Please try again.";

const page = find(document, ".sheet");
const { index, photoPages } = /** @type {SheetPageData} */ (page.dataset);
const grid = find(page, ".grid");
const statusLine = find(page, ".status-line");
const sheet = sheetIn(location.search);
const named = sheet.ids;

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
function showProgress(photos) {
  const judged = judgedByMe();
  const open = photos.filter((photo) => !isReviewed(photo, judged, sheet.method));
  const count = photos.length - open.length;
  const next = photos.indexOf(open[0]);
  const start = find(page, ".start", HTMLAnchorElement);
  Object.assign(find(page, "progress"), { value: count, max: photos.length });
  find(page, ".facts").textContent = `${plural(photos.length, "photo")}, ${count} reviewed`;
  if (next < 0) start.textContent = "Look again";
  else start.textContent = count ? `Continue with ${photos[next].title}` : "Start";
  if (next < 0) {
    import("./finish.js")
      .then(({ showFinish }) => showFinish(page, photos))
      .catch(() => announceMissing(statusLine));
  }
  start.href = find(grid.children[Math.max(next, 0)], "a", HTMLAnchorElement).href;
}

/** @param {IndexedPhoto[]} photos */
function show(photos) {
  const mine = reviewer();
  const groups = bySubject(verdicts.all().values(), mine);
  const words = readVocabulary(page).verdicts;
  for (const [at, photo] of photos.entries()) {
    const subjects = subjectsOf(photo);
    const judged = subjects.flatMap((subject) => groups.get(subject) ?? []);
    const state = { verdicts: judged, isOpen: false, isOneOf: subjects.length > 1 };
    showBadges(/** @type {HTMLElement} */ (grid.children[at]), state, mine, words);
  }
  showProgress(photos);
}

/** @param {Record<string, IndexedPhoto>} known */
function fill(known) {
  const ids = named.filter((id) => pageOf(photoPages, id) in known);
  const photos = ids.map((id) => known[pageOf(photoPages, id)]);
  announce(statusLine, photos.length ? goneSentence(named.length - ids.length) : NOTHING_LEFT);
  if (!photos.length) return;
  const pages = ids.map(
    (id) => pageOf(photoPages, id) + queryOf({ ...sheet, ids }) + fragmentOf(sheet),
  );
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
