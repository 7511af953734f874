// What single keys as shortcuts have in common.

const TYPING =
  "textarea, select, dialog, [contenteditable], " +
  "input:not([type=range], [type=radio], [type=checkbox], [type=button], [type=color])";

/**
 * Tells whether the event's key is for the field that has the focus.
 * @param {Event} event
 */
export const isTyped = ({ target }) => target instanceof Element && target.closest(TYPING) !== null;

/**
 * Returns what is printed on the key, or its place on the keyboard where that is no Latin letter.
 * @param {KeyboardEvent} event
 */
export const letterOf = ({ key, code }) =>
  (key > "~" ? code.replace("Key", "") : key).toLowerCase();
