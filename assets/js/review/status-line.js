// One line for everybody: read out by assistive technology, shown until it is old.

const SECONDS = 6;

/** @type {WeakMap<HTMLElement, ReturnType<typeof setTimeout>>} */
const timers = new WeakMap();

/**
 * @param {HTMLElement} line
 * @param {string} text
 */
export function announce(line, text) {
  clearTimeout(timers.get(line));
  line.textContent = text;
  if (!text) return;
  const clear = () => {
    line.textContent = "";
  };
  timers.set(line, setTimeout(clear, SECONDS * 1000));
}

/**
 * Says that a script did not arrive: the network failed, or the page is being left.
 * @param {HTMLElement} line
 */
export const announceMissing = (line) =>
  announce(line, "A part of this page could not be loaded. Please reload it.");

/**
 * Copies text, or shows it to be copied by hand where the browser refuses.
 * @param {string} text
 * @param {HTMLElement} line
 * @param {string} success what the line says then
 */
export async function copy(text, line, success) {
  try {
    await navigator.clipboard.writeText(text);
    announce(line, success);
  } catch {
    prompt("Copy this text:", text);
  }
}
