// Review on a gallery's page: badges, counts, a filter by verdict, export, import and selection.

import { inBatches } from "../batches.js";
import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { showBadges } from "./badges.js";
import { migrate } from "./migrate.js";
import { announceMissing } from "./status-line.js";
import { onOtherTabs, reviewer, verdicts } from "./store.js";
import { bySubject, subjectsOfItem } from "./subjects.js";
import { startTools } from "./tools.js";
import { readVocabulary } from "./vocabulary.js";

const SHOW = "show"; // of the address: the verdict by which photos are filtered

const review = find(document, ".review-tools");
const grid = find(document, ".grid");
const search = find(document, ".filter input");
const selection = find(document, ".selection");
const words = readVocabulary(review).verdicts;
const states = [...words.map(({ name }) => name), "open"];
const items = /** @type {HTMLElement[]} */ ([...grid.children]);
const begin = newestWins();

/** Returns what there is to show of each item. */
function stateOfItems() {
  const mine = reviewer();
  const groups = bySubject(verdicts.all().values(), mine);
  const ownOn = (/** @type {string} */ subject) => groups.get(subject)?.[0]?.reviewer === mine;
  const stateOf = (/** @type {HTMLElement} */ item) => {
    const subjects = subjectsOfItem(item);
    const open = subjects.filter((subject) => !ownOn(subject)).length;
    const judged = subjects.flatMap((subject) => groups.get(subject) ?? []);
    return { verdicts: judged, open, isOpen: open > 0, isOneOf: subjects.length > 1 };
  };
  return new Map(items.map((item) => [item, stateOf(item)]));
}

function show() {
  const byItem = stateOfItems();
  const mine = reviewer();
  showCounts([...byItem.values()], mine);
  const showItem = (/** @type {HTMLElement} */ item) => {
    const state = byItem.get(item);
    if (state) showBadges(item, state, mine, words);
  };
  inBatches(items, showItem, begin()).then(() => {
    if (grid.dataset.only) filter();
  });
}

/**
 * The line counts one's own verdicts; the choices count what they show.
 * @param {{ verdicts: Verdict[], open: number, isOneOf: boolean }[]} shown
 * @param {string} mine
 */
function showCounts(shown, mine) {
  const open = shown.reduce((sum, state) => sum + state.open, 0);
  const judged = shown.flatMap((state) => state.verdicts);
  const own = judged.filter((verdict) => verdict.reviewer === mine);
  const count = (/** @type {Verdict[]} */ list, /** @type {string} */ state) =>
    state === "open" ? open : list.filter(({ verdict }) => verdict === state).length;
  const parts = states.filter((state) => count(own, state));
  const listed = parts.map((state) => `${count(own, state)} ${state}`).join(", ");
  const all = shown.some(({ isOneOf }) => isOneOf) ? ` of ${own.length + open} results` : "";
  const others = judged.length - own.length;
  const imported = others ? `; ${others} by others` : "";
  find(review, ".counts").textContent = listed + all + imported;
  for (const state of states) {
    find(review, `[value=${state}] + span`).textContent = String(count(judged, state));
  }
}

const filter = () => search.dispatchEvent(new Event("input"));

/** @type {NodeListOf<HTMLInputElement>} */
const choices = review.querySelectorAll("[name=by-verdict]");

/** Notes the choice in the page's address, which Back, reload and links keep in every browser. */
function noteChoice(/** @type {string} */ value) {
  const address = new URL(location.href);
  if (value) address.searchParams.set(SHOW, value);
  else address.searchParams.delete(SHOW);
  history.replaceState(history.state, "", address);
}

function applyChoice() {
  const wanted = new URLSearchParams(location.search).get(SHOW);
  const choice = [...choices].find(({ value }) => value === wanted) ?? choices[0];
  choice.checked = true;
  grid.dataset.only = choice.value;
  if (choice.value) review.setAttribute("open", "");
  filter();
}

find(review, ".by-verdict").addEventListener("change", ({ target }) => {
  noteChoice(/** @type {HTMLInputElement} */ (target).value);
  applyChoice();
});
addEventListener("pageshow", applyChoice); // browsers restore what was chosen after scripts have run

function beginSelecting() {
  import("./select.js")
    .then(({ startSelecting }) => startSelecting(grid, find(review, ".select"), selection))
    .catch(() => announceMissing(find(review, ".status-line")));
}

migrate(selection.dataset.photoPages ?? "");
const showTools = startTools(review, show);
find(review, ".select").addEventListener("click", beginSelecting, { once: true });
onOtherTabs(() => {
  show();
  showTools();
});
show();
