// Single letters as shortcuts: never while text is being typed, never with a modifier.

import { isTyped, letterOf } from "../keyboard.js";

/**
 * Calls `actions[letter]` for the letters a to z.
 * @param {Record<string, () => void>} actions
 */
export function onKeys(actions) {
  addEventListener("keydown", (event) => {
    const isTaken = event.defaultPrevented || event.isComposing || event.repeat;
    if (isTaken || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const action = actions[letterOf(event)];
    if (!action || isTyped(event)) return;
    event.preventDefault();
    action();
  });
}
