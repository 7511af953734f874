// Single letters as shortcuts: never while text is being typed, never with a modifier.

const TYPING =
  "textarea, select, dialog, [contenteditable], " +
  "input:not([type=range], [type=radio], [type=checkbox], [type=button], [type=color])";

// What is printed on the key, or its place on the keyboard where that is no Latin letter.
const letterOf = ({ key, code }) => (key > "~" ? code.replace("Key", "") : key).toLowerCase();

// Calls `actions[letter]` for the letters a to z.
export function onKeys(actions) {
  addEventListener("keydown", (event) => {
    const taken = event.defaultPrevented || event.isComposing || event.repeat;
    if (taken || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const action = actions[letterOf(event)];
    if (!action || event.target.closest?.(TYPING)) return;
    event.preventDefault();
    action();
  });
}
