// The verdicts on each photo, on the items of a grid.

import { find } from "../dom.js";

/**
 * @typedef {object} ItemState
 * @property {Verdict[]} verdicts on its results
 * @property {boolean} isOpen whether a result has no verdict of this browser's reviewer
 * @property {boolean} isOneOf whether the photo has several results
 */

/**
 * Shows the verdicts on one photo; touches nothing that is right.
 * @param {HTMLElement} item
 * @param {ItemState} state
 * @param {string} reviewer whose verdicts need no name
 * @param {VerdictWord[]} words
 */
export function showBadges(item, { verdicts, isOpen, isOneOf }, reviewer, words) {
  const state = [...verdicts.map(({ verdict }) => verdict), ...(isOpen ? ["open"] : [])].join(" ");
  const badges = verdicts.map((verdict) => badgeOf(verdict, reviewer, isOneOf, words));
  const text = badges.map(({ textContent }) => textContent).join(" ");
  const old = item.querySelector(".badges");
  if ((item.dataset.verdicts ?? "open") === state && (old?.textContent.trim() ?? "") === text)
    return;
  item.dataset.verdicts = state;
  old?.remove();
  if (!badges.length) return;
  const list = document.createElement("span");
  list.className = "badges";
  for (const badge of badges) list.append(badge, " ");
  find(item, "a").prepend(list);
}

/**
 * @param {Verdict} verdict
 * @param {string} mine
 * @param {boolean} isOneOf
 * @param {VerdictWord[]} words
 */
function badgeOf({ reviewer, verdict, method, reasons }, mine, isOneOf, words) {
  const badge = document.createElement("span");
  const label = words.find(({ name }) => name === verdict)?.label ?? verdict;
  badge.className = "badge";
  badge.dataset.verdict = verdict;
  badge.textContent = reviewer === mine ? label : `${reviewer}: ${label}`;
  if (isOneOf) badge.textContent += ` · ${method}`;
  badge.title = [method, ...reasons].join(", ");
  return badge;
}
