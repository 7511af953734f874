// What buttons and keys do, by name. Single keys are shortcuts: never while something is typed or
// chosen, never with Ctrl, Alt or Meta.

/** @import { PhotoCompare } from "./element.js" */

import { find } from "../dom.js";
import { isTyped, letterOf } from "../keyboard.js";
import { closeUp, oneToOne } from "./geometry.js";
import { BACKDROPS, MODES } from "./link.js";

const ZOOM_STEP = 1.5;
const EDGE_SHARE = 0.8; // of the pane

/** @type {Record<string, string>} */
const KEYS = {
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
 * Copies a link, or shows it in a field to be copied by hand.
 * @param {PhotoCompare} viewer
 */
async function copy(viewer) {
  try {
    await navigator.clipboard.writeText(viewer.link);
    viewer.announce("Link copied.");
  } catch {
    const field = find(viewer, ".link", HTMLInputElement);
    field.hidden = false;
    field.value = viewer.link;
    field.select();
    viewer.announce("Copy the link from the field.");
  }
}

/** @param {PhotoCompare} viewer */
function share({ link }) {
  navigator.share({ title: document.title, url: link }).catch(() => {}); // the visitor thought better
}

/**
 * Returns what flies from one uncertain part of the boundary to the next, the most uncertain first.
 * @param {PhotoCompare} viewer
 */
function edgeTour(viewer) {
  let at = -1;
  return () => {
    const { edges } =
      viewer.pictures.find((each) => each.edges && each.method === viewer.method) ?? {};
    if (!edges) return viewer.announce("This mask has no uncertain edge.");
    at = (at + 1) % edges.length;
    const text = `Edge ${at + 1} of ${edges.length}, the most uncertain first.`;
    viewer.fly(closeUp(edges[at], viewer.photo, viewer.pane(), EDGE_SHARE), text);
  };
}

/** @param {PhotoCompare} viewer */
function toggleFullscreen(viewer) {
  if (document.fullscreenElement) document.exitFullscreen();
  else (viewer.isPage ? document.documentElement : viewer).requestFullscreen();
}

/**
 * Returns the function that does what a name says, and tells whether there was anything to do.
 * @param {PhotoCompare} viewer
 */
export function actions(viewer) {
  const { form, photo } = viewer;
  const zoomBy = (/** @type {number} */ factor) =>
    viewer.change({ zoom: viewer.view.zoom * factor });
  const nextBackdrop = () =>
    BACKDROPS[(BACKDROPS.indexOf(viewer.view.backdrop) + 1) % BACKDROPS.length];

  /** @type {Record<string, () => void>} */
  const named = {
    swap: () => viewer.change({ a: viewer.view.b, b: viewer.view.a }, true),
    flip: () => viewer.flip(),
    zoom_in: () => zoomBy(ZOOM_STEP),
    zoom_out: () => zoomBy(1 / ZOOM_STEP),
    fit: () => viewer.change({ zoom: 1 }),
    one_to_one: () => viewer.change({ zoom: oneToOne(photo, viewer.pane()) }),
    edge: edgeTour(viewer),
    backdrop: () => viewer.change({ backdrop: nextBackdrop() }, true),
    fullscreen: () => toggleFullscreen(viewer),
    retry: () => viewer.retry(),
    copy: () => copy(viewer),
    share: () => share(viewer),
    shortcuts: () => find(viewer, "dialog", HTMLDialogElement).showModal(),
  };
  /** @type {Record<string, boolean>} */
  const isMissing = {
    fullscreen: !document.fullscreenEnabled,
    share: !navigator.share,
    edge: !viewer.pictures.some(({ edges }) => edges),
  };
  for (const name in isMissing) find(form, `[value=${name}]`).hidden = isMissing[name];

  return (/** @type {string} */ name) => {
    if (isMissing[name]) return false;
    if (MODES.includes(name)) viewer.change({ mode: name }, true);
    else named[name]();
    return true;
  };
}

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
  const action = KEYS[letterOf(event)];
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
export function listenToKeys(viewer, act) {
  /** @type {HTMLElement} */
  const scope = viewer.isPage ? document.documentElement : viewer;
  scope.addEventListener("keydown", (event) => {
    const isMeant =
      viewer.isConnected &&
      !(event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented);
    const isFree = !isTyped(event) && !document.querySelector("dialog[open]");
    if (isMeant && isFree && press(viewer, act, event)) event.preventDefault();
  });
  scope.addEventListener("keyup", ({ key }) => {
    if (key === " ") viewer.hold(false);
  });
  addEventListener("blur", () => viewer.hold(false));
}

/**
 * @param {ViewerForm} form
 * @param {(changes: Partial<View>, isStep: boolean) => void} change
 * @param {(action: string) => void} act
 */
export function listenToForm(form, change, act) {
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
