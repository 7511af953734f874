// Verdicts on results that the gallery does not hold any more: kept, and listed.

import { find } from "../dom.js";
import { fetchIndex } from "./sheet.js";
import { verdicts } from "./store.js";
import { subjectOf, subjectsOf } from "./subjects.js";
import { attributed, plural } from "./words.js";

const MOST = 200; // that a list shows

/**
 * Returns those verdicts that are about nothing in the index.
 * @param {string} index its address
 */
export async function outdated(index) {
  const all = [...verdicts.all().values()];
  if (!all.length) return all;
  const { photos } = await fetchIndex(index);
  const shown = new Set(Object.values(photos).flatMap((photo) => subjectsOf(photo)));
  return all.filter((verdict) => !shown.has(subjectOf(verdict)));
}

/**
 * @param {HTMLElement} tools
 * @param {string} index
 */
export async function showOutdated(tools, index) {
  const list = await outdated(index).catch(() => []); // the index tells; without it nothing is said
  find(tools, ".outdated").hidden = !list.length;
  find(tools, ".outdated b").textContent = plural(list.length, "outdated verdict");
  const lines = list.slice(0, MOST).map((verdict) => {
    const { photo, method, note } = verdict;
    return `${photo} · ${method}: ${attributed(verdict)}${note && `: ${note}`}`;
  });
  if (list.length > MOST) lines.push(`and ${list.length - MOST} more`);
  find(tools, ".outdated ul").replaceChildren(...lines.map(lineOf));
}

/** @param {string} text */
export function lineOf(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}
