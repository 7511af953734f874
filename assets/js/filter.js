// Filters a list by the names of its items: <search data-filter="ID of the list">.

import { inBatches } from "./batches.js";
import { find } from "./dom.js";
import { newestWins } from "./newest.js";

/** @param {string} text */
const normalise = (text) => text.normalize("NFC").toLocaleLowerCase();

/**
 * Returns what the output says of the filter.
 * @param {number} shown
 * @param {number} total
 * @param {string} wanted
 * @param {string} [verdict]
 */
function sentence(shown, total, wanted, verdict) {
  const photos = `${total} photo${total === 1 ? "" : "s"}`;
  if (verdict) return `${shown} of ${photos}`;
  if (!wanted) return photos;
  return shown ? `${shown} of ${photos}` : `None of ${photos} has “${wanted}” in its name`;
}

/** @param {HTMLElement} item */
const dataOf = (item) => /** @type {GridItemData} */ (item.dataset);

/**
 * Returns the verdicts on an item. Without one it is open; the review's scripts say more.
 * @param {HTMLElement} item
 */
function verdictsOn(item) {
  const { verdicts = "open", disagree } = dataOf(item);
  return [...verdicts.split(" "), ...(disagree === undefined ? [] : ["disagree"])];
}

/** @param {HTMLElement} search */
function filterList(search) {
  const input = find(search, "input", HTMLInputElement);
  const output = find(search, "output", HTMLOutputElement);
  const list = find(document, `#${search.dataset.filter}`);
  const items = /** @type {HTMLElement[]} */ ([...list.children]);
  const entries = items.map((item) => ({ item, name: normalise(dataOf(item).name) }));
  const begin = newestWins();

  const apply = () => {
    const wanted = normalise(input.value.trim());
    const verdict = list.dataset.only;
    const fits = (/** @type {typeof entries[number]} */ { item, name }) =>
      name.includes(wanted) && (!verdict || verdictsOn(item).includes(verdict));
    const shown = new Set(entries.filter(fits));
    inBatches(entries, (entry) => (entry.item.hidden = !shown.has(entry)), begin());
    output.value = sentence(shown.size, entries.length, input.value.trim(), verdict);
  };

  input.addEventListener("input", apply);
  // Going back, a browser restores what was typed after scripts have run.
  addEventListener("pageshow", apply);
}

for (const search of document.querySelectorAll("search[data-filter]")) {
  filterList(/** @type {HTMLElement} */ (search));
}
