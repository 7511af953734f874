// The end of a blind review: which result was whose, and how often each was preferred.

import { find } from "../dom.js";
import { lineOf } from "./outdated.js";
import { plural } from "./words.js";

/**
 * @param {HTMLElement} page
 * @param {Duel[]} duels
 * @param {(duel: Duel) => Vote | undefined} voteOn
 */
export function reveal(page, duels, voteOn) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const lines = duels.map((duel) => {
    const [a, b] = duel.sides;
    const choice = voteOn(duel)?.choice ?? "same";
    const preferred = { a, b, same: "" }[choice];
    counts.set(preferred, (counts.get(preferred) ?? 0) + 1);
    const vote = preferred
      ? `you preferred ${choice.toUpperCase()}, ${preferred}`
      : "the same to you";
    return `${duel.photo.title}: A was ${a}, B was ${b}; ${vote}`;
  });
  const neither = counts.get("") ?? 0;
  counts.delete("");
  const parts = [...counts].sort().map(([method, count]) => `${method} on ${count}`);
  const tally = [...parts, `neither on ${neither}`].join(", ");
  find(page, ".revealed p").textContent =
    `Of ${plural(duels.length, "photo")}, you preferred ${tally}. Names are shown now, so the votes stay as they are.`;
  find(page, ".revealed ol").replaceChildren(...lines.map(lineOf));
  find(page, ".revealed").hidden = false;
}
