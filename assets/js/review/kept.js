// A list of what reviewers said, kept in the browser's storage. What the browser does not keep lives
// as long as the page, and is tried again with the next change.

import { listIn, pass, read, write } from "./storage.js";
import { timeOf } from "./time.js";

const A_WHILE = 2_000; // milliseconds

/**
 * Of two opinions of one reviewer on the same the newer one stays; of equally old ones, the first.
 * @template {{ when: string }} T
 * @param {T | undefined} one
 * @param {T} other
 */
const newer = (one, other) => (one && timeOf(one.when) >= timeOf(other.when) ? one : other);

/**
 * Does something while no other tab does such a thing, where the browser can wait for that.
 * @param {string} name
 * @param {() => void} act
 */
const inTurn = (name, act) =>
  navigator.locks ? navigator.locks.request(name, act).catch(act) : act();

/** @template {{ when: string }} T */
export class KeptList {
  /** @type {Map<string, T | undefined>} */
  #fresh = new Map(); // said here, and not kept or only just; nothing: it was taken back
  #word; // an entry by which tabs tell each other what they change
  #keyOf;
  #isUsable;
  isComplete = true;

  /**
   * @param {string} entry of the storage
   * @param {(opinion: T) => string} keyOf who says it, about what
   * @param {(stored: any) => boolean} isUsable
   */
  constructor(entry, keyOf, isUsable) {
    this.entry = entry;
    this.#word = `${entry}:said`;
    this.#keyOf = keyOf;
    this.#isUsable = isUsable;
    addEventListener("storage", (event) => this.#hear(event));
  }

  all() {
    /** @type {Map<string, T>} */
    const found = new Map();
    const add = (/** @type {string} */ key, /** @type {T} */ opinion) =>
      found.set(key, newer(found.get(key), opinion));
    const kept = listIn(read(this.entry)).filter(this.#isUsable);
    for (const opinion of kept) add(this.#keyOf(opinion), opinion);
    for (const [key, opinion] of this.#fresh) {
      if (opinion) add(key, opinion);
      else found.delete(key);
    }
    return found;
  }

  // Other tabs may have written since: what they wrote is read again, and added to.
  #put = () => {
    this.isComplete = write(this.entry, JSON.stringify([...this.all().values()]));
  };

  /** @param {Map<string, T | undefined>} changes */
  #change(changes) {
    for (const [key, opinion] of changes) this.#fresh.set(key, opinion);
    pass(this.#word, JSON.stringify([...changes.keys()]));
    this.#put(); // at once: the page may be about to be left
    inTurn(this.entry, this.#put);
    const said = new Map(this.#fresh);
    setTimeout(() => this.isComplete && this.#forget(said), A_WHILE);
    return this.isComplete;
  }

  /** @param {Map<string, T | undefined>} said */
  #forget(said) {
    for (const [key, opinion] of said) {
      if (this.#fresh.get(key) === opinion) this.#fresh.delete(key);
    }
  }

  /**
   * Another tab wrote, and may not have known what was said here: that is written once more, unless
   * that tab has said something else of the same.
   * @param {StorageEvent} event
   */
  #hear({ key, newValue }) {
    if (key === this.#word) for (const each of listIn(newValue)) this.#fresh.delete(each);
    if (key === this.entry && this.#fresh.size) inTurn(this.entry, this.#put);
  }

  /**
   * Adds what is said, and tells whether the browser keeps it.
   * @param {Iterable<T>} opinions
   */
  add(opinions) {
    /** @type {Map<string, T | undefined>} */
    const changes = new Map();
    for (const opinion of opinions) {
      const key = this.#keyOf(opinion);
      changes.set(key, newer(changes.get(key) ?? this.#fresh.get(key), opinion));
    }
    return this.#change(changes);
  }

  /** @param {Iterable<string>} keys */
  remove(keys) {
    this.#change(new Map([...keys].map((key) => [key, undefined])));
  }

  /**
   * Gives what was said without a name to this one.
   * @param {string} reviewer
   */
  sign(reviewer) {
    const nameless = [...this.all()].filter(([key]) => key.startsWith("\n"));
    if (!nameless.length) return;
    this.remove(nameless.map(([key]) => key));
    this.add(nameless.map(([, opinion]) => ({ ...opinion, reviewer })));
  }
}
