// What is seen: the pictures where the view says, the way from one view to another, the form's values,
// and what there is to say of pictures that are on their way or did not arrive.

/** @import { PhotoCompare } from "./element.js" */
/** @import { Picture } from "./pictures.js" */

import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { place } from "./geometry.js";

const DURATION = 450; // milliseconds of a flight
const PATIENCE = 150; // milliseconds without a word

/**
 * Returns where the visible part of the photo begins, how long it is, and where the divider cuts it,
 * from the side on which reading begins.
 * @param {PhotoCompare} viewer
 */
export function divided(viewer) {
  const pane = viewer.pane();
  const { left, width } = place(viewer.view, viewer.photo, pane);
  const start = viewer.isRtl ? pane.width - left - width : left;
  const from = Math.max(0, start);
  const span = Math.min(pane.width, start + width) - from;
  return { from, span, cut: from + (span * viewer.view.at) / 100 };
}

/**
 * Returns how wide the photo is, in the screen's pixels. First all that is measured, then all that
 * is changed: else the browser lays out the page twice.
 * @param {PhotoCompare} viewer
 * @param {string} shows the side that is showing in toggle
 */
export function paint(viewer, shows) {
  const { view, photo, stage, dataset } = viewer;
  const pane = viewer.pane();
  const { left, top, width, height } = place(view, photo, pane);
  const lengths = { left, top, "frame-width": width, "frame-height": height, ...divided(viewer) };
  const scale = (width / photo.width) * devicePixelRatio;
  dataset.shows = shows;
  dataset.split = pane.isRow ? "rows" : "columns";
  viewer.toggleAttribute("data-zoomed", view.zoom > 1);
  viewer.toggleAttribute("data-crisp", view.zoom > 1 && scale > 1);
  style(stage.style, lengths, view);
  for (const part of viewer.querySelectorAll(".cut [slope]")) {
    part.setAttribute("intercept", String(1 - 2 * view.level));
  }
  return width * devicePixelRatio;
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Record<string, number>} lengths CSS pixels by the name of a custom property
 * @param {View} view
 */
function style(style, lengths, { gain, opacity, backdrop }) {
  for (const name in lengths) style.setProperty(`--${name}`, `${lengths[name]}px`);
  style.setProperty("--gain", String(gain));
  style.setProperty("--opacity", String(opacity / 100));
  style.setProperty("--backdrop", backdrop === "checker" ? "" : backdrop);
}

/**
 * Shows what lies between two views, then lands, for as long as the flight is wanted. Lands at once
 * where the visitor asked for less motion.
 * @param {View} from
 * @param {Point & { zoom: number }} to
 * @param {(between: Point & { zoom: number }) => void} show
 * @param {() => void} land
 * @param {() => boolean} isWanted
 */
export function fly(from, to, show, land, isWanted) {
  const start = performance.now();

  /** @param {number} now */
  function next(now) {
    if (!isWanted()) return;
    const t = 1 - (1 - Math.min(Math.max(0, now - start) / DURATION, 1)) ** 3;
    if (t === 1) return land();
    const x = from.x + (to.x - from.x) * t;
    const y = from.y + (to.y - from.y) * t;
    show({ zoom: from.zoom * (to.zoom / from.zoom) ** t, x, y });
    requestAnimationFrame(next);
  }

  if (matchMedia("(prefers-reduced-motion: reduce)").matches) land();
  else requestAnimationFrame(next);
}

/**
 * Changes a text only where it is another one: else it would be read aloud again.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {number} number */
const percent = (number) => `${Math.round(number)}\u00a0%`;

/** @param {string} text */
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1);

/** @typedef {"opacity" | "gain" | "level"} Amount */

/** @type {Record<Amount, (value: number) => string>} */
const AMOUNT_TEXTS = { opacity: percent, gain: (number) => `${number}\u00a0×`, level: String };

/**
 * Shows the view.
 * @param {ViewerForm} form
 * @param {View} view
 * @param {string} a the label of A
 * @param {string} b
 * @param {number} scale the screen's pixels for a pixel of the photo
 */
export function showForm(form, view, a, b, scale) {
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
  for (const key in AMOUNT_TEXTS) {
    const name = /** @type {Amount} */ (key);
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

/** @param {Picture} picture */
const name = ({ label, bytes }) =>
  lower(label) + (bytes ? `, ${(bytes / 1e6).toFixed(1)}\u00a0MB` : "");

// Gives the pictures their parts, and tells of those that are on their way or did not arrive.
export class Showing {
  #begin = newestWins();
  #since = 0; // when the wait began that is going on
  #viewer;

  /** @param {PhotoCompare} viewer */
  constructor(viewer) {
    this.#viewer = viewer;
  }

  /**
   * Resolves when the pictures in view are there, or will not come.
   * @param {number} width the screen's pixels
   */
  async show(width) {
    const { view, stage, pictures } = this.#viewer;
    const cut = view.mode === "threshold" && this.#viewer.made("mask");
    const parts = new Map([[this.#viewer.side("a"), "a"]]);
    if (cut) parts.set(cut, "cut");
    else parts.set(this.#viewer.side("b"), "b");
    for (const picture of pictures) picture.setPart(parts.get(picture) ?? "");
    const isNewest = this.#begin();
    stage.ariaBusy = "true";
    await this.#load(
      [...parts.keys()],
      (picture) => picture.show(width, view.zoom === 1),
      isNewest,
    );
    if (isNewest()) stage.ariaBusy = "false";
  }

  /**
   * @param {Picture[]} pictures
   * @param {(picture: Picture) => Promise<void>} load
   * @param {() => boolean} isNewest
   */
  async #load(pictures, load, isNewest) {
    const waiting = new Set(pictures);
    /** @type {Picture[]} */
    const failed = [];
    this.#since ||= performance.now();
    const tell = () => isNewest() && this.#tell([...waiting], failed);
    const timer = setTimeout(tell, this.#since + PATIENCE - performance.now());
    const settle = async (/** @type {Picture} */ picture) => {
      await load(picture).catch(() => failed.push(picture));
      waiting.delete(picture);
      if (failed.length) tell();
    };
    await Promise.all(pictures.map(settle));
    clearTimeout(timer);
    if (isNewest()) this.#since = 0;
    tell();
  }

  /**
   * @param {Picture[]} waiting
   * @param {Picture[]} failed
   */
  #tell(waiting, failed) {
    const loading = waiting.length ? `Loading ${waiting.map(name).join(" and ")} …` : "";
    const lost = failed.map(({ label }) => label).join(" and ");
    say(find(this.#viewer, ".waiting p"), lost ? `${lost} could not be loaded.` : loading);
    find(this.#viewer, "[value=retry]").hidden = !lost;
  }
}
