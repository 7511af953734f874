// One finger or the mouse drags, two fingers pinch, a click or tap does the same as dragging, a double
// one zooms, and so does the wheel. Points are CSS pixels from the stage's corner.

/** @import { PhotoCompare } from "./element.js" */

import { clamp, oneToOne, zoomAbout } from "./geometry.js";

const SLOP = 4; // pixels that a click may tremble
const TWICE = { within: 350, near: 24 }; // milliseconds and pixels between two clicks
const GRIP = 24; // pixels beside the divider that move it, where a drag would else move the photo

/** @typedef {(viewer: PhotoCompare, to: Point, from: Point) => void} Drag */

/** @type {(p: Point, q: Point) => number} */
const distance = (p, q) => Math.hypot(p.x - q.x, p.y - q.y);

/** @type {(p: Point, q: Point) => Point} */
const middle = (p, q) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });

/** @type {(viewer: PhotoCompare, point: Point) => number} */
const along = ({ isRtl, stage }, { x }) => (isRtl ? stage.clientWidth - x : x);

/** @type {Drag} */
const move = (viewer, to, from) => viewer.move(to.x - from.x, to.y - from.y);

/** @type {(viewer: PhotoCompare, point: Point) => void} */
function divide(viewer, point) {
  const { from, span } = viewer.divided();
  const share = clamp((along(viewer, point) - from) / span, 0, 1);
  viewer.change({ at: Number((share * 100).toFixed(1)) });
}

/** @type {(viewer: PhotoCompare, zoom: number, point: Point) => void} */
function zoomTo(viewer, zoom, { x, y }) {
  const pane = viewer.pane();
  const point = { x: x % pane.width, y: y % pane.height };
  viewer.change(zoomAbout(viewer.view, Math.max(1, zoom), point, viewer.photo, pane));
}

/**
 * Returns what a drag from the point does.
 * @param {PhotoCompare} viewer
 * @param {Point} point
 * @returns {Drag}
 */
function grab(viewer, point) {
  const isZoomed = viewer.view.zoom > 1;
  const isNear = Math.abs(along(viewer, point) - viewer.divided().cut) < GRIP;
  if (viewer.view.mode !== "swipe" || (isZoomed && !isNear)) return isZoomed ? move : () => {};
  viewer.form.elements.at.focus({ preventScroll: true });
  return divide;
}

/**
 * Does without a drag what a drag does.
 * @param {PhotoCompare} viewer
 * @param {Point} point
 */
function tap(viewer, point) {
  if (viewer.view.mode === "swipe") divide(viewer, point);
  if (viewer.view.mode === "toggle") viewer.flip();
}

/** @type {(viewer: PhotoCompare, point: Point) => void} */
function tapTwice(viewer, point) {
  const closest = Math.max(2, oneToOne(viewer.photo, viewer.pane()));
  zoomTo(viewer, viewer.view.zoom > 1 ? 1 : closest, point);
}

/** @type {(viewer: PhotoCompare, before: Point, after: Point, other: Point) => void} */
function pinch(viewer, before, after, other) {
  const factor = distance(after, other) / Math.max(1, distance(before, other));
  zoomTo(viewer, viewer.view.zoom * factor, middle(before, other));
  move(viewer, middle(after, other), middle(before, other));
}

/**
 * With Ctrl, or by a trackpad's pinch, the wheel zooms; without, only what is zoomed already, so that
 * the page scrolls.
 * @param {PhotoCompare} viewer
 * @param {WheelEvent} event
 * @param {Point} point
 */
function turn(viewer, event, point) {
  if (!event.ctrlKey && viewer.view.zoom <= 1) return;
  event.preventDefault();
  const delta = clamp(event.deltaY * (event.deltaMode ? 20 : 1), -50, 50);
  zoomTo(viewer, viewer.view.zoom * Math.exp(-delta * (event.ctrlKey ? 0.01 : 0.004)), point);
}

/**
 * Returns what happens to pointers that are down.
 * @param {PhotoCompare} viewer
 */
function pointers(viewer) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  /** @type {Drag} */
  let drag;
  let start = { x: 0, y: 0 };
  let isStill = false;
  let before = { at: 0, shows: "" }; // how it was at the start
  // The second tap takes back what the first one did.
  let tapped = { x: 0, y: 0, timeStamp: -Infinity, before };

  return {
    press(/** @type {number} */ id, /** @type {Point} */ point) {
      down.set(id, point);
      isStill = down.size === 1;
      if (!isStill) return;
      start = point;
      const { at, shows } = viewer.view;
      before = { at, shows };
      drag = grab(viewer, point);
    },
    move(/** @type {number} */ id, /** @type {Point} */ point) {
      const from = down.get(id);
      if (!from || (isStill && distance(start, point) < SLOP)) return;
      isStill = false;
      down.set(id, point);
      const [, other] = [...down].find(([each]) => each !== id) ?? [];
      if (other) pinch(viewer, from, point, other);
      else drag(viewer, point, from);
    },
    release(/** @type {number} */ id, /** @type {number} */ timeStamp) {
      if (!down.delete(id) || !isStill) return;
      const isSoon = timeStamp - tapped.timeStamp < TWICE.within;
      const isTwice = isSoon && distance(start, tapped) < TWICE.near;
      if (isTwice) viewer.change(tapped.before);
      tapped = { ...start, timeStamp: isTwice ? -Infinity : timeStamp, before };
      (isTwice ? tapTwice : tap)(viewer, start);
    },
    // The finger turned out to scroll the page.
    cancel(/** @type {number} */ id) {
      down.delete(id);
      if (!isStill && drag === divide) viewer.change({ at: before.at });
    },
  };
}

/**
 * @param {PhotoCompare} viewer
 * @param {(point?: Point) => void} hover called with the point under the pointer
 */
export function listen(viewer, hover) {
  const { stage } = viewer;
  const { press, move, release, cancel } = pointers(viewer);

  /** @type {(event: MouseEvent) => Point} */
  function pointOf({ clientX, clientY }) {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button || /** @type {Element} */ (event.target).closest("button")) return;
    stage.setPointerCapture(event.pointerId);
    press(event.pointerId, pointOf(event));
    hover(pointOf(event));
  });
  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") hover(pointOf(event));
    move(event.pointerId, pointOf(event));
  });
  stage.addEventListener("pointerup", ({ pointerId, timeStamp }) => release(pointerId, timeStamp));
  stage.addEventListener("pointercancel", ({ pointerId }) => cancel(pointerId));
  stage.addEventListener("pointerleave", () => hover());
  stage.addEventListener("wheel", (event) => turn(viewer, event, pointOf(event)), {
    passive: false,
  });
}
