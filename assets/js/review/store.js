// What reviewers said, in this browser: one list for the site, whatever its builds.

import { KeptList } from "./kept.js";
import { hasRoom, keyFor, read, write } from "./storage.js";
import { subjectOf } from "./subjects.js";

const NAME = keyFor("name");
const OLD_NAME = "review:name"; // of all sites of the host
const TEXTS = [
  ...["reviewer", "photo", "photo_sha256", "method", "result_sha256", "verdict", "note", "link"],
  "when",
];
let pageName = "";

/**
 * @param {any} entry
 * @returns {entry is Verdict}
 */
export const isVerdict = (entry) =>
  TEXTS.every((field) => typeof entry?.[field] === "string") && Array.isArray(entry.reasons);

/** @param {Pick<Verdict, "reviewer" | "photo_sha256" | "result_sha256">} verdict */
export const keyOf = ({ reviewer, photo_sha256, result_sha256 }) =>
  [reviewer, photo_sha256, result_sha256].join("\n");

/** @param {Preference} preference */
export const pairOf = ({ reviewer, photo_sha256, a, b }) =>
  [reviewer, photo_sha256, ...[a.result_sha256, b.result_sha256].sort()].join("\n");

/** @param {any} entry */
const isPreference = (entry) =>
  [entry?.reviewer, entry?.photo_sha256, entry?.a?.result_sha256, entry?.b?.result_sha256].every(
    (text) => typeof text === "string",
  );

const verdictKey = (/** @type {Verdict} */ verdict) => keyOf(verdict);

export const verdicts = new KeptList(keyFor("verdicts"), verdictKey, isVerdict);
export const preferences = new KeptList(keyFor("preferences"), pairOf, isPreference);
const lists = [verdicts, preferences];

/** Returns the subjects of the verdicts of this browser's reviewer. */
export function judgedByMe() {
  const mine = reviewer();
  const own = [...verdicts.all().values()].filter((verdict) => verdict.reviewer === mine);
  return new Set(own.map(subjectOf));
}

/** Tells whether the browser keeps everything, and has room for more. */
export const isKeeping = () => lists.every((list) => list.isComplete) && hasRoom();

/**
 * Calls back whenever another tab changes what is kept.
 * @param {() => void} callback
 */
export function onOtherTabs(callback) {
  const entries = [NAME, null, ...lists.map(({ entry }) => entry)];
  addEventListener("storage", ({ key }) => {
    if (entries.includes(key)) callback();
  });
}

/**
 * Returns a name as reviewers are told apart by it.
 * @param {string} name
 */
export const tidy = (name) => name.trim().replace(/\s+/g, " ") || name;

/** Returns the name of whoever gives verdicts in this browser, or nothing. */
export const reviewer = () => pageName || (read(NAME) ?? read(OLD_NAME) ?? "");

/**
 * Notes the name; what was said without one is from now on of this name.
 * @param {string} text
 */
export function setReviewer(text) {
  const name = text.trim() && tidy(text);
  pageName = write(NAME, name) ? "" : name;
  if (name) for (const list of lists) list.sign(name);
}
