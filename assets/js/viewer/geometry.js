// Where the photo lies in a pane. Lengths are CSS pixels; zoom 1 fits the photo into the pane; x and
// y, fractions of the photo's size, are the point in the middle of the pane.

/** @type {Patch} */
export const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

const CLOSEST = 32; // of the screen's pixels for a pixel of the photo

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

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
  const exact = oneToOne(photo, pane);
  const closest = Math.max(1, CLOSEST * exact);
  const zoom = Number(clamp(view.zoom, Math.min(1, exact), closest).toPrecision(6));
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
 * Returns the view in which a patch of the photo takes up a share of the pane.
 * @param {Patch} patch
 * @param {Size} photo
 * @param {Size} pane
 */
export function closeUp({ x, y, width, height }, photo, pane, share = 1) {
  const part = { width: width * photo.width, height: height * photo.height };
  const zoom = (share * fit(part, pane)) / fit(photo, pane);
  return { zoom, x: x + width / 2, y: y + height / 2 };
}

/**
 * Returns the part of the photo that the pane shows: the opposite of closeUp. Where the photo is
 * smaller than it could be, that is more than the photo.
 * @param {View} view
 * @param {Size} photo
 * @param {Size} pane
 * @returns {Patch}
 */
export function visible({ zoom, x, y }, photo, pane) {
  const scale = zoom * fit(photo, pane);
  const most = zoom < 1 ? Infinity : 1;
  const width = Math.min(most, pane.width / scale / photo.width);
  const height = Math.min(most, pane.height / scale / photo.height);
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/**
 * Returns the first column of the photo that is in the patch, and how wide a part of it is.
 * @param {Patch} patch
 */
function columns({ x, width }) {
  const first = Math.max(0, x);
  return { first, span: Math.min(1, x + width) - first };
}

/**
 * Returns the column of the photo, a fraction of its width, at which the divider cuts it.
 * @param {Patch} patch what is in view
 * @param {number} at per cent of it, from where reading begins
 * @param {boolean} isRtl
 */
export function columnAt(patch, at, isRtl) {
  const { first, span } = columns(patch);
  return first + (span * (isRtl ? 100 - at : at)) / 100;
}

/**
 * Returns where the divider has to be to cut the photo at a column: the opposite of columnAt.
 * @param {Patch} patch
 * @param {number} column
 * @param {boolean} isRtl
 */
export function atColumn(patch, column, isRtl) {
  const { first, span } = columns(patch);
  const at = Number(clamp(((column - first) / span) * 100, 0, 100).toFixed(3));
  return isRtl ? 100 - at : at;
}
