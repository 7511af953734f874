// Selecting photos of a grid, in order, for a review sheet.

import { inBatches } from "../batches.js";
import { find } from "../dom.js";
import { idOf, nameless, queryOf } from "./sheet.js";
import { copy } from "./status-line.js";
import { plural } from "./words.js";

/**
 * Begins the selection, which `button` ends and begins again; `bar` says how many photos are
 * selected and links to their sheet.
 * @param {HTMLElement} grid
 * @param {HTMLElement} button
 * @param {HTMLElement} bar
 */
export function startSelecting(grid, button, bar) {
  const statusLine = find(bar, ".status-line");
  const open = find(bar, ".open", HTMLAnchorElement);
  const sheet = open.getAttribute("href");
  const { photoPages = "" } = bar.dataset;
  const items = /** @type {HTMLElement[]} */ ([...grid.children]);
  /** @type {HTMLElement[]} */
  let selected = [];

  function show() {
    const count = selected.length;
    const ids = selected.map((item) => idOf(photoPages, find(item, "a", HTMLAnchorElement).href));
    find(bar, ".count").textContent = `${plural(count, "photo")} selected`;
    open.href = sheet + queryOf({ ids, ...options(bar) });
    find(bar, ".copy").hidden = open.hidden = !count;
    for (const [index, item] of selected.entries()) showOrder(item, String(index + 1));
  }

  /** @param {Event} event */
  function select({ target }) {
    const box = /** @type {HTMLInputElement} */ (target);
    const item = /** @type {HTMLElement | null} */ (box.closest("li"));
    if (!item || !box.closest(".pick")) return;
    selected = selected.filter((other) => other !== item);
    item.classList.toggle("is-selected", box.checked);
    if (box.checked) selected.push(item);
    else showOrder(item, "");
    show();
  }

  function toggle() {
    const isSelecting = grid.classList.toggle("is-selecting");
    if (isSelecting && !grid.querySelector(".pick")) inBatches(items, addPick);
    button.ariaPressed = String(isSelecting);
    bar.hidden = !isSelecting;
    show();
    if (!isSelecting) button.focus();
  }

  button.addEventListener("click", toggle);
  find(bar, ".done").addEventListener("click", toggle);
  find(bar, ".copy").addEventListener("click", () => copy(open.href, statusLine, "Link copied."));
  grid.addEventListener("change", select);
  bar.addEventListener("input", show);
  toggle();
}

/**
 * Returns what the bar's fields say of the sheet.
 * @param {HTMLElement} bar
 * @returns {Omit<Sheet, "ids">}
 */
function options(bar) {
  const address = find(bar, "[name=view]", HTMLInputElement).value;
  const view = address.includes("#") ? address.slice(address.indexOf("#") + 1).trim() : "";
  const method = find(bar, "[name=method]", HTMLSelectElement);
  const blind = bar.querySelector("[name=blind]:checked") !== null;
  method.disabled = blind;
  return { view: blind ? nameless(view) : view, method: blind ? "" : method.value, blind };
}

/**
 * @param {HTMLElement} item
 * @param {string} number
 */
function showOrder(item, number) {
  find(item, ".pick span").textContent = number;
}

/** @param {HTMLElement} item */
function addPick(item) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const order = document.createElement("span");
  label.className = "pick";
  box.type = "checkbox";
  box.ariaLabel = `Select ${find(item, ".name").textContent}`;
  order.ariaHidden = "true";
  label.append(box, order);
  item.append(label);
}
