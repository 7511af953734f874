// The page of a review sheet: its photos in order, how far one has come, and where to go on.

import { find } from "../dom.js";
import { byPhoto, showBadges } from "./badges.js";
import { fetchIndex, goneSentence, idsIn, pageOf, query, reviewed } from "./sheet.js";
import { announce } from "./status-line.js";
import { onOtherTabs, verdicts } from "./store.js";
import { startTools } from "./tools.js";
import { readVocabulary } from "./vocabulary.js";

const NOTHING_LEFT = "None of this sheet’s photos is in the gallery any more.";
const NOT_LOADED = "The list of photos could not be loaded. Please try again.";

const page = find(document, ".sheet");
const { build, index, photoPages } = /** @type {SheetPageData} */ (page.dataset);
const grid = find(page, ".grid");
const statusLine = find(page, ".status-line");
const named = idsIn(location.search);

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

/**
 * @param {IndexedPhoto[]} photos
 * @param {Map<string, Verdict[]>} groups the verdicts by photo
 * @param {number} count of the photos that are reviewed
 */
function showProgress(photos, groups, count) {
  const next = photos.findIndex(({ photo }) => !groups.has(photo));
  const plural = photos.length === 1 ? "" : "s";
  const start = find(page, ".start", HTMLAnchorElement);
  Object.assign(find(page, "progress"), { value: count, max: photos.length });
  find(page, ".facts").textContent = `${photos.length} photo${plural}, ${count} reviewed`;
  if (next < 0) start.textContent = "Look again";
  else start.textContent = count ? `Continue with ${photos[next].title}` : "Start";
  start.href = find(grid.children[Math.max(next, 0)], "a", HTMLAnchorElement).href;
}

/** @param {IndexedPhoto[]} photos */
function show(photos) {
  const all = verdicts(build);
  const groups = byPhoto(all);
  const words = readVocabulary(page).verdicts;
  for (const [at, { photo }] of photos.entries()) {
    const item = /** @type {HTMLElement} */ (grid.children[at]);
    showBadges(item, groups.get(photo) ?? [], 1, words);
  }
  showProgress(photos, groups, reviewed(photos, all));
}

/** @param {Record<string, IndexedPhoto>} known */
function fill(known) {
  const ids = named.filter((id) => pageOf(photoPages, id) in known);
  const photos = ids.map((id) => known[pageOf(photoPages, id)]);
  announce(statusLine, photos.length ? goneSentence(named.length - ids.length) : NOTHING_LEFT);
  if (!photos.length) return;
  const pages = ids.map((id) => pageOf(photoPages, id) + query(ids));
  grid.append(...photos.map((photo, at) => gridItem(photo, pages[at])));
  const refresh = () => show(photos);
  refresh();
  for (const part of page.querySelectorAll(".sheet-part")) part.toggleAttribute("hidden", false);
  find(page, ".how-to").hidden = true;
  startTools(find(page, ".tools"), refresh);
  onOtherTabs(build, refresh);
  addEventListener("pageshow", refresh);
}

if (named.length) {
  fetchIndex(index)
    .then(({ photos }) => fill(photos))
    .catch(() => announce(statusLine, NOT_LOADED));
}
