// This browser's storage. Pages of one host share it, so keys name the site.

const SITE = new URL("../../..", import.meta.url).pathname;
const PROBE_SIZE = 5_000; // characters: the longest verdict has about as many

/** @param {string} name */
export const keyFor = (name) => `review:${SITE}:${name}`;

/** @param {string} key */
export function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Tells whether the browser keeps the text.
 * @param {string} key
 * @param {string} text
 */
export function write(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes an entry for the moment, which other tabs hear of; tells whether there was room for it.
 * @param {string} key
 * @param {string} text
 */
export function pass(key, text) {
  const isKept = write(key, text);
  if (isKept) localStorage.removeItem(key);
  return isKept;
}

/** Tells whether the browser has room for one more verdict. */
export const hasRoom = () => pass(keyFor("probe"), "-".repeat(PROBE_SIZE));

/**
 * Returns the list that a text of the storage holds; an empty one where it is something else.
 * @param {string | null} text
 * @returns {any[]}
 */
export function listIn(text) {
  try {
    const list = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
