// What other reviewers think of a result, as files say that were imported into this browser.

import { find } from "../dom.js";
import { reviewer, verdicts } from "./store.js";
import { attributed } from "./words.js";

/**
 * Lists the verdicts of others on a result.
 * @param {HTMLElement} block the result's part of the page
 * @param {Pick<Verdict, "photo_sha256" | "result_sha256">} result
 */
export function showOthers(block, { photo_sha256, result_sha256 }) {
  const mine = reviewer();
  const theirs = [...verdicts.all().values()].filter(
    (verdict) =>
      verdict.photo_sha256 === photo_sha256 &&
      verdict.result_sha256 === result_sha256 &&
      verdict.reviewer !== mine,
  );
  find(block, ".imported").hidden = !theirs.length;
  find(block, ".imported ul").replaceChildren(...theirs.map(entryOf));
}

/** @param {Verdict} verdict */
function entryOf(verdict) {
  const item = document.createElement("li");
  const view = document.createElement("a");
  const note = verdict.note && `: ${verdict.note}`;
  Object.assign(view, { href: verdict.link, textContent: "view" });
  item.append(`${attributed(verdict)}${note} `, view);
  return item;
}
