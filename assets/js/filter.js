// Filters a list by the names of its items: <search data-filter="ID of the list">.

import { inBatches } from "./batches.js";

function normalise(text) {
  return text.normalize("NFC").toLocaleLowerCase();
}

function sentence(shown, total, wanted, verdict) {
  const photos = `${total} photo${total === 1 ? "" : "s"}`;
  if (verdict) return `${shown} of ${photos}`;
  if (!wanted) return photos;
  return shown ? `${shown} of ${photos}` : `None of ${photos} has “${wanted}” in its name`;
}

// Without a verdict, an item is open; the review's scripts say more.
const verdictsOn = (item) => (item.dataset.verdicts ?? "open").split(" ");

function filterList(search) {
  const input = search.querySelector("input");
  const output = search.querySelector("output");
  const list = document.getElementById(search.dataset.filter);
  const items = Array.from(list.children, (item) => ({
    item,
    name: normalise(item.dataset.name),
  }));

  let latest;

  const apply = () => {
    const wanted = normalise(input.value.trim());
    const verdict = list.dataset.only;
    const fits = ({ item, name }) =>
      name.includes(wanted) && (!verdict || verdictsOn(item).includes(verdict));
    const shown = new Set(items.filter(fits));
    const run = (latest = {});
    inBatches(items, (entry) => (entry.item.hidden = !shown.has(entry)), () => run === latest);
    output.value = sentence(shown.size, items.length, input.value.trim(), verdict);
  };

  input.addEventListener("input", apply);
  // Going back, a browser restores what was typed after scripts have run.
  addEventListener("pageshow", apply);
}

document.querySelectorAll("search[data-filter]").forEach(filterList);
