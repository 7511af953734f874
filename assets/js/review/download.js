// What is kept here as a file for others.

import { exportText } from "./format.js";
import { preferences, reviewer, verdicts } from "./store.js";

/** @param {string} name */
const slug = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");

/** @param {Verdict} verdict */
const order = ({ photo, method, reviewer }) => [photo, method, reviewer].join("\n");

/**
 * Returns what this browser's reviewer said, or what all said.
 * @param {boolean} [ofAll]
 */
export function collected(ofAll = false) {
  const isWanted = (/** @type {{ reviewer: string }} */ said) =>
    ofAll || said.reviewer === reviewer();
  return {
    verdicts: [...verdicts.all().values()]
      .filter(isWanted)
      .sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    preferences: [...preferences.all().values()].filter(isWanted),
  };
}

/**
 * @param {string} build
 * @param {ReturnType<typeof collected>} said
 * @param {string} [whose]
 */
export function exportFile(build, said, whose = slug(reviewer())) {
  const text = exportText(build, said.verdicts, said.preferences);
  return new File([text], `verdicts-${build}-${whose}.json`, { type: "application/json" });
}

/** @param {File} file */
export function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
