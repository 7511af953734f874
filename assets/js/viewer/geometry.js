// Where the photo lies in a pane. Lengths are CSS pixels; zoom 1 fits the photo into the pane; x and
// y, fractions of the photo's size, are the point in the middle of the pane.

import { clamp } from "./link.js";

const CLOSEST = 32; // of the screen's pixels for a pixel of the photo

/**
 * Returns the CSS pixels for a pixel of the photo that fits the pane.
 * @param {Size} photo
 * @param {Size} pane
 */
export const fit = (photo, pane) => Math.min(pane.width / photo.width, pane.height / photo.height);

/**
 * Returns the zoom at which a pixel of the photo is a pixel of the screen.
 * @param {Size} photo
 * @param {Size} pane
 */
export const oneToOne = (photo, pane) => 1 / devicePixelRatio / fit(photo, pane);

/**
 * Returns the whole stage, or that half of it, beside or above the other, which shows clearly more
 * of the photo.
 * @param {HTMLElement} stage
 * @param {Size} photo
 * @param {boolean} isHalf
 * @returns {Pane}
 */
export function paneOf({ clientWidth: width, clientHeight: height }, photo, isHalf) {
  if (!isHalf) return { width, height };
  const column = { width: width / 2, height };
  const row = { width, height: height / 2, isRow: true };
  return fit(photo, column) * 1.05 > fit(photo, row) ? column : row;
}

/**
 * @param {number} at
 * @param {number} length
 * @param {number} room
 */
function centre(at, length, room) {
  const margin = room / length / 2;
  return margin < 0.5 ? Number(clamp(at, margin, 1 - margin).toFixed(5)) : 0.5;
}

/**
 * Returns the nearest view that leaves no margin where the photo could fill it. It is rounded like a
 * link, so that a link shows the very same pixels.
 * @param {View} view
 * @param {Size} photo
 * @param {Size} pane
 * @returns {View}
 */
export function settle(view, photo, pane) {
  const closest = Math.max(1, CLOSEST * oneToOne(photo, pane));
  const zoom = Number(clamp(view.zoom, 1, closest).toPrecision(6));
  const scale = zoom * fit(photo, pane);
  const x = centre(view.x, photo.width * scale, pane.width);
  const y = centre(view.y, photo.height * scale, pane.height);
  return { ...view, zoom, x, y };
}

/**
 * Returns the photo's rectangle in the pane, on whole pixels of the screen.
 * @param {View} view
 * @param {Size} photo
 * @param {Size} pane
 */
export function place({ zoom, x, y }, photo, pane) {
  const snap = (/** @type {number} */ length) =>
    Math.round(length * devicePixelRatio) / devicePixelRatio;
  const scale = zoom * fit(photo, pane);
  const [width, height] = [snap(photo.width * scale), snap(photo.height * scale)];
  const [left, top] = [snap(pane.width / 2 - x * width), snap(pane.height / 2 - y * height)];
  return { left, top, width, height };
}

/**
 * Returns the view after zooming while the photo stays where it is under the point of the pane.
 * @param {View} view
 * @param {number} wanted
 * @param {Point} point
 * @param {Size} photo
 * @param {Size} pane
 */
export function zoomAbout(view, wanted, point, photo, pane) {
  const { zoom } = settle({ ...view, zoom: wanted }, photo, pane);
  const moved = (1 / view.zoom - 1 / zoom) / fit(photo, pane);
  const x = view.x + ((point.x - pane.width / 2) * moved) / photo.width;
  const y = view.y + ((point.y - pane.height / 2) * moved) / photo.height;
  return { zoom, x, y };
}

/**
 * Returns the view in which a patch of the photo takes up most of the pane.
 * @param {Patch} patch
 * @param {Size} photo
 * @param {Size} pane
 */
export function closeUp({ x, y, width, height }, photo, pane) {
  const part = { width: width * photo.width, height: height * photo.height };
  return { zoom: (0.8 * fit(part, pane)) / fit(photo, pane), x: x + width / 2, y: y + height / 2 };
}
