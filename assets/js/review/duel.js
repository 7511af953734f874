// What a blind review compares: two results of each photo, in an order that hides which is which.

import { preferences, reviewer } from "./store.js";
import { short } from "./subjects.js";

/**
 * Returns a number that follows from a text, and looks as if it did not: all who open the same link
 * see the same.
 * @param {string} text
 */
function drawn(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Returns the names of the methods that are A and B on a photo; nothing where it has no two results.
 * @param {Sheet} sheet
 * @param {string} id
 * @param {IndexedPhoto} photo
 * @returns {[string, string] | undefined}
 */
export function sidesOf({ ids }, id, { results }) {
  const made = new Map(Object.entries(results).map(([method, result]) => [result, method]));
  const methods = [...made.values()].sort();
  if (methods.length < 2) return undefined;
  const number = drawn(`${ids} ${id}`);
  const [a] = methods.splice(number % methods.length, 1);
  return [a, methods[Math.floor(number / 256) % methods.length]];
}

/**
 * Returns the photos of a blind sheet that are in the gallery and have two results; `at` is a photo's
 * place in the sheet.
 * @param {Sheet} sheet
 * @param {Record<string, IndexedPhoto>} known
 * @param {(id: string) => string} pageOf
 * @returns {Duel[]}
 */
export const duelsOf = (sheet, known, pageOf) =>
  sheet.ids.flatMap((id, at) => {
    const page = pageOf(id);
    const photo = known[page];
    const sides = photo && sidesOf(sheet, id, photo);
    return sides ? [{ at: at + 1, page, photo, sides }] : [];
  });

/** @type {Record<Preference["choice"], Preference["choice"]>} */
const SWAPPED = { a: "b", b: "a", same: "same" };

/** @param {string[]} parts */
const key = (...parts) => parts.map(short).join(" ");

/**
 * Returns the function that tells how this browser's reviewer voted on a photo, if at all.
 * @returns {(duel: Duel) => Vote | undefined}
 */
export function votesNow() {
  const mine = reviewer();
  /** @type {Map<string, Vote>} */
  const votes = new Map();
  for (const preference of preferences.all().values()) {
    if (preference.reviewer !== mine) continue;
    const { photo_sha256, a, b, choice } = preference;
    votes.set(key(photo_sha256, a.result_sha256, b.result_sha256), { preference, choice });
    const swapped = { preference, choice: SWAPPED[choice] };
    votes.set(key(photo_sha256, b.result_sha256, a.result_sha256), swapped);
  }
  return ({ photo, sides: [a, b] }) =>
    votes.get(key(photo.sha256, photo.results[a], photo.results[b]));
}

/**
 * Returns the address of a photo's page in a blind review.
 * @param {string} blindPage
 * @param {string} query of the sheet
 * @param {Duel} duel
 */
export const addressOf = (blindPage, query, { at }) => `${blindPage}${query}&at=${at}`;

/** @param {number} count */
export function singleSentence(count) {
  if (!count) return "";
  const subject =
    count === 1 ? "One photo of this sheet has" : `${count} photos of this sheet have`;
  return `${subject} no two results to compare, and ${count === 1 ? "was" : "were"} left out.`;
}
