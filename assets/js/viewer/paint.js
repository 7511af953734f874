// Lays the pictures where the view says, and tells the style sheet how to show them.

/** @import { PhotoCompare } from "./element.js" */

import { place } from "./geometry.js";

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
  const lengths = { left, top, "frame-width": width, "frame-height": height, ...viewer.divided() };
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
