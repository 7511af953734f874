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
const RANGES = {
  at: [0, 100],
  zoom: [1, 1000],
  x: [0, 1],
  y: [0, 1],
  opacity: [0, 100],
  gain: [1, 16],
  level: [1, 255],
};
const WORDS = { mode: MODES, shows: ["a", "b"], backdrop: BACKDROPS };
const PAUSE = 300; // milliseconds; browsers refuse a hundred changes of the address in a row

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The source of that name, or the first of its kind: "cutout" is the first model's cut-out.
function find(sources, name = "") {
  const [kind] = name.split(".");
  return sources.find((id) => id === name) ?? sources.find((id) => id.split(".")[0] === kind);
}

export function startView(sources, { before, after }) {
  const a = find(sources, before) ?? sources[0];
  return { ...START, a, b: find(sources, after) ?? sources.find((id) => id !== a) };
}

// Returns the nearest value to what a link says of a field, or nothing where there is none.
function nearest(field, text, sources) {
  if (field in RANGES) return text.trim() ? clamp(Number(text), ...RANGES[field]) : NaN;
  if (!(field in WORDS)) return find(sources, text);
  return WORDS[field].includes(text) || /^#[0-9a-f]{6}$/.test(text) ? text : undefined;
}

// Returns the view nearest to a fragment, and what the fragment asked for in vain.
export function read(fragment, start, sources, build) {
  const view = { ...start };
  const vain = [];
  for (const [field, text] of new URLSearchParams(fragment.slice(1))) {
    if (field === "build" && text !== build) vain.push(`the link was made for build ${text}`);
    if (!(field in start)) continue;
    const value = nearest(field, text, sources);
    const isMeant = value === text || value === Number(text) || `${value}`.startsWith(`${text}.`);
    if (!isMeant) vain.push(`${field} cannot be “${text}”`);
    if (value === value && value !== undefined) view[field] = value;
  }
  if (view.a === view.b) view.b = sources.find((id) => id !== view.a);
  return { view, vain };
}

export function write({ a, b, mode, ...rest }, build) {
  const changed = Object.entries(rest).filter(([field, value]) => value !== START[field]);
  return `#${new URLSearchParams({ a, b, mode, ...Object.fromEntries(changed), build })}`;
}

export const isView = (fragment) => fragment.includes("=");

// Keeps the page's address at the view: a step is an entry of the history, a movement is not. Calls
// `open` where the visitor goes back or forth; returns a function that notes a fragment.
export function follow(open) {
  let timer, latest;

  function settle() {
    clearTimeout(timer);
    if (latest) history.replaceState(null, "", latest);
    latest = undefined;
  }

  addEventListener("pagehide", settle);
  addEventListener("popstate", () => {
    latest = undefined;
    if (!location.hash || isView(location.hash)) open(location.hash);
  });
  return (fragment, isStep) => {
    if (isStep) {
      settle();
      history.pushState(null, "", fragment);
    } else {
      latest = fragment;
      clearTimeout(timer);
      timer = setTimeout(settle, PAUSE);
    }
  };
}
