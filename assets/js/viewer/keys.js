// Single keys as shortcuts: never while something is typed or chosen, never with Ctrl, Alt or Meta.

/** @import { PhotoCompare } from "./element.js" */

import { isTyped, letterOf } from "../keyboard.js";

/** @type {Record<string, string>} */
const ACTIONS = {
  w: "swipe",
  s: "side",
  t: "toggle",
  o: "onion",
  d: "difference",
  l: "threshold",
  x: "swap",
  "+": "zoom_in",
  "=": "zoom_in",
  "-": "zoom_out",
  0: "fit",
  z: "one_to_one",
  e: "edge",
  k: "backdrop",
  f: "fullscreen",
  c: "copy",
  "?": "shortcuts",
};
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const REPEATED = ["zoom_in", "zoom_out"];
const STEP = 60; // pixels that an arrow key moves the view

/**
 * Does what the key means; tells whether it means anything here.
 * @param {PhotoCompare} viewer
 * @param {(action: string) => boolean} act
 * @param {KeyboardEvent} event
 */
function press(viewer, act, event) {
  const { target, key } = event;
  const [, digit] = /^(?:Digit|Numpad)([1-9])$/.exec(event.code) ?? [];
  const source = viewer.sources[Number(digit) - 1];
  if (source) return choose(viewer, event.shiftKey ? "a" : "b", source);
  if (key === " ") return !isPressed(target) && viewer.hold(true);
  if (key in ARROWS) return target === viewer.stage && pan(viewer, ARROWS[key]);
  const action = ACTIONS[letterOf(event)];
  return Boolean(action) && (!event.repeat || REPEATED.includes(action)) && act(action);
}

/**
 * Tells whether the space bar is the element's own.
 * @param {EventTarget | null} target
 */
const isPressed = (target) =>
  target instanceof Element && target.closest("a, button, input, summary") !== null;

/**
 * @param {PhotoCompare} viewer
 * @param {"a" | "b"} side
 * @param {string} source
 */
function choose(viewer, side, source) {
  viewer.change({ [side]: source }, true);
  return true;
}

/**
 * @param {PhotoCompare} viewer
 * @param {[number, number]} direction
 */
function pan(viewer, [x, y]) {
  const isZoomed = viewer.view.zoom > 1;
  if (isZoomed) viewer.move(-x * STEP, -y * STEP);
  return isZoomed;
}

/**
 * Listens to the whole page where it is the photo's own, else to one viewer of several.
 * @param {PhotoCompare} viewer
 * @param {(action: string) => boolean} act
 */
export function listen(viewer, act) {
  /** @type {HTMLElement} */
  const scope = viewer.isPage ? document.documentElement : viewer;
  scope.addEventListener("keydown", (event) => {
    const isMeant = !(event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented);
    const isFree = !isTyped(event) && !document.querySelector("dialog[open]");
    if (isMeant && isFree && press(viewer, act, event)) event.preventDefault();
  });
  scope.addEventListener("keyup", ({ key }) => {
    if (key === " ") viewer.hold(false);
  });
  addEventListener("blur", () => viewer.hold(false));
}
