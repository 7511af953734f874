// Verdicts that were stored for each build of a gallery, as version 1 has them, move to where those
// of the whole site are now.

import { fromVersion1 } from "./format.js";
import { listIn, read, write } from "./storage.js";
import { isVerdict, reviewer, verdicts } from "./store.js";

const OLD = /^review:[0-9a-f]{12}$/;

/** @returns {string[]} */
function oldKeys() {
  try {
    return Object.keys(localStorage).filter((key) => OLD.test(key));
  } catch {
    return [];
  }
}

/**
 * Returns what an old entry is now, or nothing where it is not usable.
 * @param {any} entry
 */
function converted(entry) {
  if (!Array.isArray(entry?.reasons)) return undefined;
  const verdict = fromVersion1({ ...entry, model: entry.model ?? entry.method }, reviewer());
  return isVerdict(verdict) ? verdict : undefined;
}

/**
 * Tells whether a verdict is of this site, and not of another one on this host.
 * @param {Verdict} verdict
 * @param {string} photoPages
 */
function isOurs({ link }, photoPages) {
  if (!URL.canParse(link)) return true;
  const { origin, pathname } = new URL(link);
  return origin !== location.origin || pathname.startsWith(photoPages);
}

/**
 * Makes room first: a storage that is nearly full has none for both.
 * @param {string} key
 * @param {any[]} left
 * @param {Verdict[]} moved
 */
function move(key, left, moved) {
  const before = read(key) ?? "[]";
  if (left.length) write(key, JSON.stringify(left));
  else localStorage.removeItem(key);
  if (!verdicts.add(moved)) write(key, before);
}

/**
 * Moves what is this site's; anything else stays where it is.
 * @param {string} photoPages the path under which photos have their pages
 */
export function migrate(photoPages) {
  for (const key of oldKeys()) {
    /** @type {Verdict[]} */
    const moved = [];
    const left = listIn(read(key)).filter((entry) => {
      const verdict = converted(entry);
      if (!verdict || !isOurs(verdict, photoPages)) return true;
      moved.push(verdict);
      return false;
    });
    if (moved.length) move(key, left, moved);
  }
}
