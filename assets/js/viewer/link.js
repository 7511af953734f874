// A view as data and as a fragment: #a=photo&b=cutout.u2net&mode=swipe&at=42&build=…

export const MODES = ["swipe", "side", "toggle", "onion", "difference", "threshold"];
export const BACKDROPS = ["checker", "white", "black", "magenta"];

// A link leaves out what is as here. x and y are fractions of the photo's size.
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
/** @type {Record<string, string[]>} */
const WORDS = { mode: MODES, shows: ["a", "b"], backdrop: BACKDROPS };
const PAUSE = 300; // milliseconds; browsers refuse a hundred changes of the address in a row

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Returns the source of that name, or the first of its kind: "cutout" is the first model's cut-out.
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
 * Returns the view nearest to a fragment, and in words what the fragment asked for and is not there.
 * @param {string} fragment
 * @param {View} start
 * @param {string[]} sources
 * @param {string} build
 */
export function read(fragment, start, sources, build) {
  const view = { ...start };
  const misses = [];
  for (const [field, text] of new URLSearchParams(fragment.slice(1))) {
    if (field === "build" && text !== build) misses.push(`the link was made for build ${text}`);
    if (!(field in start)) continue;
    const value = nearest(field, text, sources);
    const isMeant = value === text || value === Number(text) || `${value}`.startsWith(`${text}.`);
    if (!isMeant) misses.push(`${field} cannot be “${text}”`);
    if (value !== undefined) Object.assign(view, { [field]: value });
  }
  if (view.a === view.b) view.b = other(sources, view.a);
  return { view, misses };
}

/**
 * Returns the fragment of a view.
 * @param {View} view
 * @param {string} build
 */
export function write({ a, b, mode, ...rest }, build) {
  /** @type {Record<string, unknown>} */
  const start = START;
  const changed = Object.entries(rest).filter(([field, value]) => value !== start[field]);
  const texts = changed.map(([field, value]) => [field, String(value)]);
  return `#${new URLSearchParams({ a, b, mode, ...Object.fromEntries(texts), build })}`;
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
