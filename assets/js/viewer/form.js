// The form around the stage shows the view, and changes it.

import { find } from "../dom.js";

/** @param {number} number */
const percent = (number) => `${Math.round(number)}\u00a0%`;

/** @param {string} text */
export const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1);

/** @typedef {"opacity" | "gain" | "level"} Amount */

/** @type {Record<Amount, (value: number) => string>} */
const AMOUNT_TEXTS = { opacity: percent, gain: (number) => `${number}\u00a0×`, level: String };
/** @type {Amount[]} */
const AMOUNTS = ["opacity", "gain", "level"];

/**
 * @param {ViewerForm} form
 * @param {(changes: Partial<View>, isStep: boolean) => void} change
 * @param {(action: string) => void} act
 */
export function listen(form, change, act) {
  const { colour } = form.elements;
  form.addEventListener("input", ({ target }) => {
    const { name, type, value, valueAsNumber } = /** @type {HTMLInputElement} */ (target);
    if (type === "range") change({ [name]: valueAsNumber }, false);
    else if (name === "colour") change({ backdrop: value }, false);
    else change({ [name]: value === "colour" ? colour.value : value }, true);
  });
  form.addEventListener("click", ({ target }) => {
    /** @type {HTMLButtonElement | null} */
    const button = /** @type {Element} */ (target).closest("button[value]");
    if (button) act(button.value);
  });
}

/**
 * Shows the view.
 * @param {ViewerForm} form
 * @param {View} view
 * @param {string} a the label of A
 * @param {string} b
 * @param {number} scale the screen's pixels for a pixel of the photo
 */
export function show(form, view, a, b, scale) {
  const { elements } = form;
  elements.a.value = view.a;
  elements.b.value = view.b;
  elements.mode.value = view.mode;
  showAmounts(form, view);
  showBackdrop(elements, view.backdrop);
  find(form, "[value=flip]").ariaPressed = String(view.shows === "b");
  find(form, ".zoom").textContent = percent(scale * 100);
  showDivider(elements.at, view.at, lower(a), lower(b));
}

/**
 * @param {ViewerForm} form
 * @param {View} view
 */
function showAmounts(form, view) {
  for (const name of AMOUNTS) {
    const input = form.elements[name];
    const text = AMOUNT_TEXTS[name](view[name]);
    input.value = String(view[name]);
    input.ariaValueText = text;
    find(form, `.${name}`).textContent = text;
  }
}

/**
 * @param {ViewerControls} controls
 * @param {string} value
 */
function showBackdrop({ backdrop, colour }, value) {
  const isColour = value.startsWith("#");
  backdrop.value = isColour ? "colour" : value;
  colour.hidden = !isColour;
  if (isColour) colour.value = value;
}

/**
 * @param {HTMLInputElement} divider
 * @param {number} value
 * @param {string} first
 * @param {string} second
 */
function showDivider(divider, value, first, second) {
  const at = Math.round(value);
  divider.value = String(value);
  divider.ariaLabel = `Divider between ${first} and ${second}`;
  divider.ariaValueText = `${percent(at)} ${first}, ${percent(100 - at)} ${second}`;
}
