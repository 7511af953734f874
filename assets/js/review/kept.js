// A list of what reviewers said, kept in the browser's storage. What the browser does not keep lives
// as long as the page, and is tried again with the next change.

import { readList, write } from "./storage.js";
import { timeOf } from "./time.js";

/**
 * Of two opinions of one reviewer on the same the newer one stays; of equally old ones, the first.
 * @template {{ when: string }} T
 * @param {T | undefined} one
 * @param {T} other
 */
const newer = (one, other) => (one && timeOf(one.when) >= timeOf(other.when) ? one : other);

/**
 * @template {{ when: string }} T
 * @param {string} entry of the storage
 * @param {(opinion: T) => string} keyOf who says it, about what
 * @param {(stored: any) => boolean} isUsable
 */
export function keptList(entry, keyOf, isUsable) {
  /** @type {Map<string, T | undefined>} */
  const notKept = new Map(); // nothing: it was taken back

  function all() {
    /** @type {Map<string, T>} */
    const found = new Map();
    const put = (/** @type {string} */ key, /** @type {T} */ opinion) =>
      found.set(key, newer(found.get(key), opinion));
    for (const opinion of readList(entry).filter(isUsable)) put(keyOf(opinion), opinion);
    for (const [key, opinion] of notKept) {
      if (opinion) put(key, opinion);
      else found.delete(key);
    }
    return found;
  }

  // Other tabs may have written since: what they wrote is read again, and added to.
  function keep() {
    const isKept = write(entry, JSON.stringify([...all().values()]));
    if (isKept) notKept.clear();
    return isKept;
  }

  /**
   * Adds what is said, and tells whether the browser keeps it.
   * @param {Iterable<T>} opinions
   */
  function add(opinions) {
    for (const opinion of opinions) {
      const key = keyOf(opinion);
      notKept.set(key, newer(notKept.get(key), opinion));
    }
    return keep();
  }

  /** @param {Iterable<string>} keys */
  function remove(keys) {
    for (const key of keys) notKept.set(key, undefined);
    return keep();
  }

  /** Gives what was said without a name to this one. */
  const sign = (/** @type {string} */ reviewer) => {
    const nameless = [...all()].filter(([key]) => key.startsWith("\n"));
    for (const [key] of nameless) notKept.set(key, undefined);
    if (nameless.length) add(nameless.map(([, opinion]) => ({ ...opinion, reviewer })));
  };

  return { entry, all, add, remove, sign, isComplete: () => !notKept.size };
}
