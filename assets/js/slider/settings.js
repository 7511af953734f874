// The settings of a slider, as _data/sliders.yml gives them.

const DEFAULTS = Object.freeze({
  height: "auto",
  initialHeight: 0,
  maxHeight: 0,
  interval: 4000,
  transitionDuration: 700,
  effect: "slide",
  disableNav: false,
  keyboardNav: true,
  previousNavSelector: "",
  nextNavSelector: "",
  onInit: "",
  onStart: "",
  onStop: "",
  beforeChange: "",
  afterChange: "",
});

/**
 * Reads a value that the original include pasted into a script: "'auto'" is the text auto, "400" a
 * number, "false" a boolean. Text that no script would have taken, like auto, is text.
 */
function literal(value) {
  if (typeof value !== "string") return value;
  const quoted = /^\s*(['"`])(.*)\1\s*$/s.exec(value);
  if (quoted) return quoted[2];
  try {
    return JSON.parse(value);
  } catch {
    return value.trim();
  }
}

function fits(key, value) {
  if (key === "height") return ["string", "number"].includes(typeof value);
  if (key === "effect") return /^[\w-]+$/.test(value); // becomes part of a class
  return typeof value === typeof DEFAULTS[key];
}

/** Returns the settings in `json` over the defaults; keys without a value are as good as absent. */
export function readSettings(json) {
  const settings = { ...DEFAULTS };
  for (const [key, value] of Object.entries(JSON.parse(json ?? "{}"))) {
    const meant = key === "interval" && value === false ? 0 : literal(value);
    if (meant === null || meant === "") continue;
    if (Object.hasOwn(DEFAULTS, key) && fits(key, meant)) settings[key] = meant;
    else console.warn(`A slider's setting is ignored: ${key}: ${value}`);
  }
  return settings;
}

/** Calls the page's global function `name`, where there is one: settings are data, not code. */
export function callByName(name) {
  const found = name && window[name];
  if (typeof found === "function") found();
}
