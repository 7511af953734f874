// A view as data and as a fragment: #a=photo&b=cutout.u2net&mode=swipe&rect=…&cut=0.42&build=…

import { clamp, WHOLE } from "./geometry.js";

export const MODES = ["swipe", "side", "toggle", "onion", "difference", "threshold"];
export const BACKDROPS = ["checker", "white", "black", "magenta"];

// A link leaves out what is as here. Of the place it says what part of the photo is in view, and the
// column at which the divider cuts it: that is the same in every window. Old links say `at`, `zoom`,
// `x` and `y` instead.
const START = {
  mode: "swipe",
  at: 50,
  zoom: 1,
  x: 0.5,
  y: 0.5,
  shows: "a",
  opacity: 50,
  gain: 1,
  level: 128,
  backdrop: "checker",
};
/** @type {Record<string, [number, number]>} */
const RANGES = {
  at: [0, 100],
  zoom: [1, 1000],
  x: [0, 1],
  y: [0, 1],
  opacity: [0, 100],
  gain: [1, 16],
  level: [1, 255],
};
const OF_THE_WINDOW = ["at", "zoom", "x", "y"];
const MIDDLE = 0.5;
/** @type {Record<string, string[]>} */
const WORDS = { mode: MODES, shows: ["a", "b"], backdrop: BACKDROPS };
const PAUSE = 300; // milliseconds; browsers refuse a hundred changes of the address in a row

/**
 * Returns the source of that name, or the first of its kind: "cutout" is the first method's cut-out.
 * @param {string[]} sources
 * @param {string} name
 */
function findSource(sources, name) {
  const [kind] = name.split(".");
  return sources.find((id) => id === name) ?? sources.find((id) => id.split(".")[0] === kind);
}

/**
 * Returns another source than that one.
 * @param {string[]} sources
 * @param {string} source
 */
const other = (sources, source) => sources.find((id) => id !== source) ?? source;

/**
 * @param {string[]} sources
 * @param {Pick<ViewerData, "before" | "after">} wanted
 * @returns {View}
 */
export function startView(sources, { before, after }) {
  const a = findSource(sources, before) ?? sources[0];
  return { ...START, a, b: findSource(sources, after) ?? other(sources, a) };
}

/**
 * Returns the nearest value to what a link says of a field, or nothing where there is none.
 * @param {string} field
 * @param {string} text
 * @param {string[]} sources
 */
function nearest(field, text, sources) {
  if (field in RANGES) {
    const number = text.trim() ? clamp(Number(text), ...RANGES[field]) : NaN;
    return Number.isNaN(number) ? undefined : number;
  }
  if (!(field in WORDS)) return findSource(sources, text);
  return WORDS[field].includes(text) || /^#[0-9a-f]{6}$/.test(text) ? text : undefined;
}

/**
 * Returns the rectangle and the column that a link names, where it names any; others are misses.
 * @param {URLSearchParams} parts
 * @param {string[]} misses
 * @returns {Place | undefined}
 */
function readPlace(parts, misses) {
  const [rect, cut] = [parts.get("rect"), parts.get("cut")];
  const [x, y, width, height] = (rect ?? "").split(",").map(Number);
  const isRect = width > 0 && width < 1000 && height > 0 && height < 1000 && Math.abs(x + y) < 1000;
  const column = cut?.trim() ? clamp(Number(cut), 0, 1) : NaN;
  if (rect !== null && !isRect) misses.push(`rect cannot be “${rect}”`);
  if (cut !== null && column !== Number(cut)) misses.push(`cut cannot be “${cut}”`);
  if (!isRect && Number.isNaN(column)) return undefined;
  return {
    rect: isRect ? { x, y, width, height } : WHOLE,
    cut: Number.isNaN(column) ? MIDDLE : column,
  };
}

/**
 * Returns the view nearest to a fragment, the place where that names one, and in words what the
 * fragment asked for and is not there.
 * @param {string} fragment
 * @param {View} start
 * @param {string[]} sources
 */
export function read(fragment, start, sources) {
  const view = { ...start };
  /** @type {string[]} */
  const misses = [];
  const parts = new URLSearchParams(fragment.slice(1));
  for (const [field, text] of parts) {
    if (!(field in start)) continue;
    const value = nearest(field, text, sources);
    const isMeant = value === text || value === Number(text) || `${value}`.startsWith(`${text}.`);
    if (!isMeant) misses.push(`${field} cannot be “${text}”`);
    if (value !== undefined) Object.assign(view, { [field]: value });
  }
  if (view.a === view.b) view.b = other(sources, view.a);
  // Another source has another result, which a miss has told already.
  const isElsewhere = misses.some((miss) => /^[ab] /.test(miss));
  const result = isElsewhere ? null : parts.get("result");
  return { view, place: readPlace(parts, misses), result, misses };
}

/**
 * @param {Record<string, string>} parts
 * @returns {string} with the commas as they are, which a fragment may have
 */
const fragmentOf = (parts) => `#${new URLSearchParams(parts)}`.replaceAll("%2C", ",");

/**
 * Returns what is not as at the start, but for fields that are left out.
 * @param {Partial<View>} view
 * @param {string[]} leftOut
 */
function changed(view, leftOut) {
  /** @type {Record<string, unknown>} */
  const start = START;
  const fields = Object.entries(view).filter(
    ([field, value]) => value !== start[field] && !leftOut.includes(field),
  );
  return Object.fromEntries(fields.map(([field, value]) => [field, String(value)]));
}

/**
 * Returns the way of looking as a fragment: what is compared and how, without the place.
 * @param {View} view
 */
export const writeWay = ({ a, b, mode, ...rest }) =>
  fragmentOf({ a, b, mode, ...changed(rest, [...OF_THE_WINDOW, "shows"]) });

/** @param {number} number */
const precise = (number) => Number(number.toPrecision(8));

/**
 * Returns the fragment of a view.
 * @param {View} view
 * @param {Place} place
 * @param {Record<string, string>} made the results in view, and the gallery's build
 */
export function write({ a, b, mode, ...rest }, { rect, cut }, made) {
  const parts = { a, b, mode, ...changed(rest, OF_THE_WINDOW) };
  const edges = [rect.x, rect.y, rect.width, rect.height].map(precise);
  const isWhole = edges.join() === "0,0,1,1";
  if (!isWhole) Object.assign(parts, { rect: edges.join() });
  if (precise(cut) !== MIDDLE) Object.assign(parts, { cut: String(precise(cut)) });
  const known = Object.entries(made).filter(([, text]) => text);
  return fragmentOf({ ...parts, ...Object.fromEntries(known) });
}

/** @param {string} fragment */
export const isView = (fragment) => fragment.includes("=");

/**
 * Keeps the page's address at the view: a step is an entry of the history, a movement is not. Calls
 * `open` where the visitor goes back or forth; returns a function that notes a fragment.
 * @param {(fragment: string) => void} open
 */
export function follow(open) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let pending = "";

  function settle() {
    clearTimeout(timer);
    if (pending) history.replaceState(null, "", pending);
    pending = "";
  }

  addEventListener("pagehide", settle);
  addEventListener("popstate", () => {
    pending = "";
    if (!location.hash || isView(location.hash)) open(location.hash);
  });
  return (/** @type {string} */ fragment, /** @type {boolean} */ isStep) => {
    if (isStep) {
      settle();
      history.pushState(null, "", fragment);
    } else {
      pending = fragment;
      clearTimeout(timer);
      timer = setTimeout(settle, PAUSE);
    }
  };
}
