// Review on a gallery's page: badges, counts, a filter by verdict, export, import and selection.

import { inBatches } from "../batches.js";
import { badge, byPhoto } from "./badges.js";
import { VERDICTS } from "./format.js";
import { startSelecting } from "./select.js";
import { onOtherTabs, verdicts } from "./store.js";
import { startTools } from "./tools.js";

const review = document.querySelector(".review-tools");
const grid = document.querySelector(".grid");
const search = document.querySelector(".filter input");
const { build, dataset, models } = review.dataset;
const items = [...grid.children];
let latest;

function show() {
  const groups = byPhoto(verdicts(build));
  const totals = { good: 0, bad: 0, unsure: 0, open: items.length * models };
  const given = new Map();
  for (const item of items) {
    given.set(item, groups.get(`${dataset}/${item.dataset.name}`) ?? []);
    for (const { verdict } of given.get(item)) {
      totals[verdict] += 1;
      totals.open -= 1;
    }
  }
  tell(totals);
  const run = (latest = {});
  inBatches(items, (item) => badge(item, given.get(item), Number(models)), () => run === latest)
    .then(() => grid.dataset.only && filter());
}

function tell(totals) {
  const words = [...VERDICTS, "open"];
  const some = words.filter((word) => totals[word]).map((word) => `${totals[word]} ${word}`);
  const all = models > 1 ? ` of ${items.length * models} results` : "";
  review.querySelector(".counts").textContent = some.join(", ") + all;
  for (const word of words) {
    review.querySelector(`[value=${word}] + span`).textContent = totals[word];
  }
}

const filter = () => search.dispatchEvent(new Event("input"));

review.querySelector(".by-verdict").addEventListener("change", ({ target }) => {
  grid.dataset.only = target.value;
  filter();
});
startTools(review, show);
startSelecting(grid, review.querySelector(".select"), document.querySelector(".selection"));
onOtherTabs(build, show);
show();
