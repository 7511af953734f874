// The file in which verdicts travel: written by the gallery, read by it and by the pipeline.

const VERSION = 1;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Returns the check of each field of a verdict; fields keep this order in files.
 * @param {ReviewVocabulary} vocabulary
 * @returns {Record<keyof Verdict, (value: any) => boolean>}
 */
function checksFor({ verdicts, reasons }) {
  const isReason = (/** @type {string} */ reason) => reasons.includes(reason);
  return {
    photo: (value) => typeof value === "string" && value.includes("/"),
    photo_sha256: (value) => SHA256.test(value),
    model: (value) => typeof value === "string" && value !== "",
    checkpoint: (value) => SHA256.test(value),
    verdict: (value) => verdicts.some(({ name }) => name === value),
    reasons: (value) => Array.isArray(value) && value.every(isReason),
    note: (value) => typeof value === "string",
    link: (value) => /^https?:\/\//.test(value),
    when: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  };
}

/**
 * @param {Verdict} a
 * @param {Verdict} b
 */
function byPhotoAndModel(a, b) {
  if (a.photo === b.photo) return a.model < b.model ? -1 : 1;
  return a.photo < b.photo ? -1 : 1;
}

/**
 * @param {string} build
 * @param {string} reviewer
 * @param {Iterable<Verdict>} verdicts
 */
export function exportText(build, reviewer, verdicts) {
  const list = [...verdicts].sort(byPhotoAndModel);
  return `${JSON.stringify({ version: VERSION, build, reviewer, verdicts: list }, null, 1)}\n`;
}

/**
 * Returns the verdicts of an exported file; throws an Error whose message is for the reader.
 * @param {string} text
 * @param {ReviewVocabulary} vocabulary
 * @returns {Verdict[]}
 */
export function parseExport(text, vocabulary) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
  if (file?.version !== VERSION || !Array.isArray(file.verdicts)) {
    throw new Error("it holds no verdicts, or those of another version of the gallery");
  }
  const checks = Object.entries(checksFor(vocabulary));
  return file.verdicts.map((/** @type {any} */ verdict, /** @type {number} */ index) => {
    const [wrong] = checks.find(([field, isRight]) => !isRight(verdict?.[field])) ?? [];
    if (wrong) throw new Error(`in verdict ${index + 1}, “${wrong}” is missing or unusable`);
    return Object.fromEntries(checks.map(([field]) => [field, verdict[field]]));
  });
}

/**
 * Of two verdicts on one result the newer one stays; of equally old ones, the first.
 * @param {Verdict | undefined} mine
 * @param {Verdict} theirs
 */
export const newer = (mine, theirs) =>
  mine && Date.parse(mine.when) >= Date.parse(theirs.when) ? mine : theirs;
