// The settings of a slider, as _data/sliders.yml gives them.

/** @type {Readonly<SliderSettings>} */
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
 * @param {unknown} value
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

/**
 * @param {string} key
 * @returns {key is keyof SliderSettings}
 */
const isSetting = (key) => Object.hasOwn(DEFAULTS, key);

/**
 * @param {keyof SliderSettings} key
 * @param {unknown} value
 */
function fits(key, value) {
  if (key === "height") return ["string", "number"].includes(typeof value);
  if (key === "effect") return /^[\w-]+$/.test(String(value)); // becomes part of a class
  return typeof value === typeof DEFAULTS[key];
}

/**
 * Returns the settings in `json` over the defaults; keys without a value are as good as absent.
 * @param {string} [json]
 */
export function readSettings(json) {
  const settings = { ...DEFAULTS };
  for (const [key, value] of Object.entries(JSON.parse(json ?? "{}"))) {
    const meant = key === "interval" && value === false ? 0 : literal(value);
    if (meant === null || meant === "") continue;
    if (isSetting(key) && fits(key, meant)) Object.assign(settings, { [key]: meant });
    else console.warn(`A slider's setting is ignored: ${key}: ${value}`);
  }
  return settings;
}

/**
 * Calls the function that the page registered as `name` in `sliderCallbacks`: settings are data, and
 * must not reach whatever else has a name.
 * @param {string} name
 */
export function callByName(name) {
  if (!name) return;
  const callbacks = Reflect.get(window, "sliderCallbacks") ?? {};
  if (Object.hasOwn(callbacks, name)) callbacks[name]();
  else console.warn(`A slider's callback is ignored, as sliderCallbacks has none: ${name}`);
}
