// The verdicts on each photo, on the items of a grid.

import { find } from "../dom.js";

/**
 * Groups verdicts by photo.
 * @param {Verdicts} verdicts
 */
export function byPhoto(verdicts) {
  /** @type {Map<string, Verdict[]>} */
  const groups = new Map();
  for (const verdict of verdicts.values()) {
    groups.set(verdict.photo, [...(groups.get(verdict.photo) ?? []), verdict]);
  }
  return groups;
}

/**
 * Shows the verdicts on one photo, of `results` that await one; touches nothing that is right.
 * @param {HTMLElement} item
 * @param {Verdict[]} verdicts
 * @param {number} results
 * @param {VerdictWord[]} words
 */
export function showBadges(item, verdicts, results, words) {
  const open = verdicts.length < results ? ["open"] : [];
  const state = [...verdicts.map(({ verdict }) => verdict), ...open].join(" ");
  if ((item.dataset.verdicts ?? "open") === state) return;
  item.dataset.verdicts = state;
  item.querySelector(".badges")?.remove();
  if (verdicts.length) find(item, "a").prepend(badgesOf(verdicts, words));
}

/**
 * @param {Verdict[]} verdicts
 * @param {VerdictWord[]} words
 */
function badgesOf(verdicts, words) {
  const badges = document.createElement("span");
  badges.className = "badges";
  for (const { verdict, model } of verdicts) {
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.dataset.verdict = verdict;
    badge.textContent = words.find(({ name }) => name === verdict)?.label ?? verdict;
    badge.title = model;
    badges.append(badge, " ");
  }
  return badges;
}
