// One finger or the mouse drags, two fingers pinch, a click or tap does the same as dragging, a double
// one zooms, and so does the wheel. Points are CSS pixels from the stage's corner.

import { exact, zoomAbout } from "./geometry.js";
import { clamp } from "./link.js";

const SLOP = 4; // pixels that a click may tremble
const TWICE = { within: 350, near: 24 }; // milliseconds and pixels between two clicks
const GRIP = 24; // pixels beside the divider that move it, where a drag would else move the photo

const distance = (p, q) => Math.hypot(p.x - q.x, p.y - q.y);
const middle = (p, q) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });

// Calls `hover` with the point under the pointer.
export function listen(host, hover) {
  const { photo, stage } = host;
  const down = new Map();
  let at, drag, start, tapped, isStill;

  function zoomTo(zoom, { x, y }) {
    const pane = host.pane();
    const point = { x: x % pane.width, y: y % pane.height };
    host.change(zoomAbout(host.view, zoom, point, photo, pane));
  }

  const along = ({ x }) => (host.isRtl ? stage.clientWidth - x : x);

  function divide(point) {
    const { from, span } = host.divided();
    const share = clamp((along(point) - from) / span, 0, 1);
    host.change({ at: Number((share * 100).toFixed(1)) });
  }

  const move = (to, from) => host.move(to.x - from.x, to.y - from.y);

  function grab(point) {
    const isZoomed = host.view.zoom > 1;
    const isNear = Math.abs(along(point) - host.divided().cut) < GRIP;
    if (host.view.mode !== "swipe" || (isZoomed && !isNear)) return isZoomed ? move : () => {};
    host.form.elements.at.focus({ preventScroll: true });
    return divide;
  }

  // What a drag does can be done without one.
  function tap() {
    if (host.view.mode === "swipe") divide(start);
    if (host.view.mode === "toggle") host.flip();
  }

  function pointOf({ clientX, clientY }) {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    stage.setPointerCapture(event.pointerId);
    const point = pointOf(event);
    down.set(event.pointerId, point);
    isStill = down.size === 1;
    if (isStill) drag = grab((start = point));
    if (isStill) ({ at } = host.view);
    hover(point);
  });

  stage.addEventListener("pointermove", (event) => {
    const point = pointOf(event);
    const before = down.get(event.pointerId);
    if (event.pointerType === "mouse") hover(point);
    if (!before || (isStill && distance(start, point) < SLOP)) return;
    isStill = false;
    down.set(event.pointerId, point);
    if (down.size === 1) return drag(point, before);
    const [, other] = [...down].find(([id]) => id !== event.pointerId);
    const factor = distance(point, other) / Math.max(1, distance(before, other));
    zoomTo(host.view.zoom * factor, middle(before, other));
    move(middle(point, other), middle(before, other));
  });

  stage.addEventListener("pointerup", ({ pointerId, timeStamp }) => {
    if (!down.delete(pointerId) || !isStill) return;
    const isTwice =
      timeStamp - tapped?.timeStamp < TWICE.within && distance(start, tapped) < TWICE.near;
    tapped = isTwice ? undefined : { ...start, timeStamp };
    if (isTwice) zoomTo(host.view.zoom > 1 ? 1 : Math.max(2, exact(photo, host.pane())), start);
    else tap();
  });
  // The finger turned out to scroll the page.
  stage.addEventListener("pointercancel", ({ pointerId }) => {
    down.delete(pointerId);
    if (!isStill && drag === divide) host.change({ at });
  });
  stage.addEventListener("pointerleave", () => hover());

  // With Ctrl, or by a trackpad's pinch, the wheel zooms; without, only what is zoomed already, so
  // that the page scrolls.
  function turn(event) {
    if (!event.ctrlKey && host.view.zoom === 1) return;
    event.preventDefault();
    const delta = clamp(event.deltaY * (event.deltaMode ? 20 : 1), -50, 50);
    zoomTo(host.view.zoom * Math.exp(-delta * (event.ctrlKey ? 0.01 : 0.004)), pointOf(event));
  }

  stage.addEventListener("wheel", turn, { passive: false });
}
