// Single keys as shortcuts: never while something is typed or chosen, never with Ctrl, Alt or Meta.

const ACTIONS = {
  w: "swipe",
  s: "side",
  t: "toggle",
  o: "onion",
  d: "difference",
  l: "threshold",
  x: "swap",
  "+": "closer",
  "=": "closer",
  "-": "farther",
  0: "fit",
  z: "exact",
  e: "edge",
  k: "backdrop",
  f: "screen",
  c: "copy",
  "?": "sheet",
};
const TYPING =
  "textarea, select, dialog, [contenteditable], input:not([type=range], [type=radio], [type=checkbox])";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const REPEATED = { closer: 1, farther: 1 };
const STEP = 60; // pixels that an arrow key moves the view

// Letters by what is printed on the key, or by its place where that is no Latin letter.
const nameOf = ({ key, code }) => (key > "~" ? code.replace("Key", "") : key).toLowerCase();

// Tells whether the key means anything here.
function press(host, act, event) {
  const { target, key } = event;
  const source = host.sources[/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] - 1];
  if (source) return !host.change({ [event.shiftKey ? "a" : "b"]: source }, true);
  if (key === " ") return !target.closest?.("a, button, input, summary") && host.hold(true);
  if (key in ARROWS) return target === host.stage && pan(host, ARROWS[key]);
  const action = ACTIONS[nameOf(event)];
  return action && (!event.repeat || action in REPEATED) && act(action);
}

function pan(host, [x, y]) {
  if (host.view.zoom === 1) return false;
  return !host.move(-x * STEP, -y * STEP);
}

// Listens to the whole page where it is the photo's own, else to one viewer of several.
export function listen(host, act) {
  const scope = host.isPage ? document : host;
  scope.addEventListener("keydown", (event) => {
    const isMeant = !(event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented);
    const isFree = !event.target.closest?.(TYPING) && !document.querySelector("dialog[open]");
    if (isMeant && isFree && press(host, act, event)) event.preventDefault();
  });
  scope.addEventListener("keyup", ({ key }) => key === " " && host.hold(false));
  addEventListener("blur", () => host.hold(false));
}
