// Review on a gallery's page: badges, counts, a filter by verdict, export, import and selection.

import { inBatches } from "../batches.js";
import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { byPhoto, showBadges } from "./badges.js";
import { startSelecting } from "./select.js";
import { onOtherTabs, verdicts } from "./store.js";
import { startTools } from "./tools.js";
import { readVocabulary } from "./vocabulary.js";

const review = find(document, ".review-tools");
const grid = find(document, ".grid");
const search = find(document, ".filter input");
const { build, dataset, models } = /** @type {GalleryReviewData} */ (review.dataset);
const words = readVocabulary(review).verdicts;
const states = [...words.map(({ name }) => name), "open"];
const items = /** @type {HTMLElement[]} */ ([...grid.children]);
const resultsPerPhoto = Number(models);
const resultCount = items.length * resultsPerPhoto;
const begin = newestWins();

/**
 * Returns the verdicts on the photo of each item.
 * @returns {Map<HTMLElement, Verdict[]>}
 */
function verdictsByItem() {
  const groups = byPhoto(verdicts(build));
  return new Map(items.map((item) => [item, groups.get(`${dataset}/${item.dataset.name}`) ?? []]));
}

function show() {
  const byItem = verdictsByItem();
  showCounts([...byItem.values()].flat());
  const showItem = (/** @type {HTMLElement} */ item) =>
    showBadges(item, byItem.get(item) ?? [], resultsPerPhoto, words);
  inBatches(items, showItem, begin()).then(() => {
    if (grid.dataset.only) filter();
  });
}

/** @param {Verdict[]} judged */
function showCounts(judged) {
  const counts = new Map(states.map((state) => [state, 0]));
  counts.set("open", resultCount - judged.length);
  for (const { verdict } of judged) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const parts = states.filter((state) => counts.get(state));
  const listed = parts.map((state) => `${counts.get(state)} ${state}`).join(", ");
  const all = resultsPerPhoto > 1 ? ` of ${resultCount} results` : "";
  find(review, ".counts").textContent = listed + all;
  for (const state of states) {
    find(review, `[value=${state}] + span`).textContent = String(counts.get(state));
  }
}

const filter = () => search.dispatchEvent(new Event("input"));

find(review, ".by-verdict").addEventListener("change", ({ target }) => {
  grid.dataset.only = /** @type {HTMLInputElement} */ (target).value;
  filter();
});
startTools(review, show);
startSelecting(grid, find(review, ".select"), find(document, ".selection"));
onOtherTabs(build, show);
show();
