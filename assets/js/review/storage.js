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

/** Tells whether the browser has room for one more verdict. */
export function hasRoom() {
  const probe = keyFor("probe");
  const isKept = write(probe, "-".repeat(PROBE_SIZE));
  if (isKept) localStorage.removeItem(probe);
  return isKept;
}

/**
 * Returns a list that was stored; an empty one where the entry is something else.
 * @param {string} key
 * @returns {any[]}
 */
export function readList(key) {
  try {
    const list = JSON.parse(read(key) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
