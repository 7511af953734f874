// Single letters as shortcuts: never while text is being typed, never with a modifier.

import { isTyped, letterOf } from "../keyboard.js";
import { toPicture } from "./view.js";

const LISTS = "select, [type=radio]";

/** @type {EventTarget | null} */
let settled = null; // the list in which keys have made a choice: letters are for no other one then
let pressed = ""; // the key that was pressed last in the list that has the focus

/** @param {EventTarget | null} target */
const isList = (target) => target instanceof Element && target.matches(LISTS);

/**
 * Calls `actions[letter]` for the letters a to z.
 * @param {Record<string, () => void>} actions
 */
export function onKeys(actions) {
  followChoices();
  addEventListener("keydown", (event) => {
    const isTaken = event.defaultPrevented || event.isComposing || event.repeat;
    if (isTaken || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const action = actions[letterOf(event)];
    if (!action || (isTyped(event) && event.target !== settled)) return;
    event.preventDefault();
    action();
  });
}

// After a choice in a list, the keys are for the picture again. Whoever chooses by keys stays in the
// list, to go on choosing.
function followChoices() {
  const forget = () => {
    pressed = "";
    settled = null;
  };
  addEventListener("pointerdown", forget);
  addEventListener("focusout", ({ relatedTarget }) => {
    const isSameList = isList(relatedTarget) && pressed.startsWith("Arrow"); // to the next button
    if (!isSameList) forget();
  });
  addEventListener(
    "keydown",
    ({ target, key }) => {
      pressed = isList(target) ? key : "";
    },
    { capture: true },
  );
  addEventListener("change", ({ target }) => {
    if (!isList(target)) return;
    if (!pressed) toPicture();
    else if (!/^[^ ]$/.test(pressed)) settled = target;
  });
}
