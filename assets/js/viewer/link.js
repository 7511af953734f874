// A view as data and as a fragment: #a=photo&b=cutout.u2net&mode=swipe&rect=…&cut=0.42&build=…

import { clamp } from "./geometry.js";

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
  cut: [0, 1],
};
const PLACE = { rect: "0,0,1,1", cut: 0.5 };
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
  if (field === "rect") return isRect(text) ? text : undefined;
  if (!(field in WORDS)) return findSource(sources, text);
  return WORDS[field].includes(text) || /^#[0-9a-f]{6}$/.test(text) ? text : undefined;
}

/** @param {string} text */
const numbers = (text) => text.split(",").map(Number);

/** @param {string} text */
function isRect(text) {
  const [x, y, width, height] = numbers(text);
  return width * height > 0 && Number.isFinite(x + y + width + height);
}

/**
 * Returns the view nearest to a fragment, the place where that names one, and in words what the
 * fragment asked for and is not there.
 * @param {string} fragment
 * @param {View} start
 * @param {string[]} sources
 */
export function read(fragment, start, sources) {
  const found = { ...start, ...PLACE };
  /** @type {string[]} */
  const misses = [];
  const parts = new URLSearchParams(fragment.slice(1));
  for (const [field, text] of parts) {
    if (!Object.hasOwn(found, field)) continue;
    const value = nearest(field, text, sources);
    const isMeant = value === text || value === Number(text) || `${value}`.startsWith(`${text}.`);
    if (!isMeant) misses.push(`${field} cannot be “${text}”`);
    if (value !== undefined) Object.assign(found, { [field]: value });
  }
  const { rect, cut, ...view } = found;
  if (view.a === view.b) view.b = other(sources, view.a);
  const [x, y, width, height] = numbers(rect);
  const isPlaced = parts.has("rect") || parts.has("cut");
  const place = isPlaced ? { rect: { x, y, width, height }, cut } : undefined;
  // Another source has another result, which a miss has told already.
  const isElsewhere = misses.some((miss) => /^[ab] /.test(miss));
  return { view, place, result: isElsewhere ? null : parts.get("result"), misses };
}

/**
 * @param {Record<string, unknown>} parts
 * @returns {string} with the commas as they are, which a fragment may have
 */
const fragmentOf = (parts) =>
  `#${new URLSearchParams(/** @type {Record<string, string>} */ (parts))}`.replaceAll("%2C", ",");

/**
 * Returns what is not as at the start.
 * @param {Partial<View>} view
 */
function changed(view) {
  /** @type {Record<string, unknown>} */
  const start = START;
  return Object.fromEntries(
    Object.entries(view).filter(([field, value]) => value !== start[field]),
  );
}

/**
 * Returns the way of looking as a fragment: what is compared and how, without the place.
 * @param {View} view
 */
export const writeWay = ({ a, b, mode, at, zoom, x, y, shows, ...way }) =>
  fragmentOf({ a, b, mode, ...changed(way) });

/** @param {number} number */
const precise = (number) => Number(number.toPrecision(8));

/**
 * Returns the fragment of a view.
 * @param {View} view
 * @param {Place} place
 * @param {Record<string, string>} made the results in view, and the gallery's build
 */
export function write({ a, b, mode, at, zoom, x, y, ...way }, { rect, cut }, made) {
  /** @type {Record<string, unknown>} */
  const parts = { a, b, mode, ...changed(way) };
  const edges = [rect.x, rect.y, rect.width, rect.height].map(precise).join();
  const column = precise(cut);
  if (edges !== PLACE.rect) parts.rect = edges;
  if (column !== PLACE.cut) parts.cut = column;
  for (const name in made) if (made[name]) parts[name] = made[name];
  return fragmentOf(parts);
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
