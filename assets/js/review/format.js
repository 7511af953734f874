// The file in which verdicts travel, as it is written; import.js reads it.

export const VERSION = 2;

const ORDER = [
  ...["version", "build", "verdicts", "preferences", "reviewer", "photo", "photo_sha256"],
  ...["method", "result_sha256", "a", "b", "choice", "verdict", "reasons", "note", "link", "when"],
];

/**
 * Returns the text of a file; fields are always in the same order.
 * @param {string} build
 * @param {Verdict[]} verdicts
 * @param {Preference[]} preferences
 */
export function exportText(build, verdicts, preferences) {
  const file = { version: VERSION, build, verdicts, preferences };
  return `${JSON.stringify(file, ORDER, 1)}\n`;
}

/**
 * Returns what version 2 makes of a verdict of version 1.
 * @param {Record<string, any>} verdict
 * @param {string} reviewer
 */
export const fromVersion1 = ({ model, checkpoint, ...rest }, reviewer) => ({
  method: model,
  ...rest,
  reviewer,
  result_sha256: checkpoint,
  reasons: [...new Set(rest.reasons)],
});
