// The file in which verdicts travel: written by the gallery, read by it and by the pipeline.

export const VERDICTS = ["good", "bad", "unsure"];
export const REASONS = ["halo", "hole", "missed part", "wrong object", "no object"];

const VERSION = 1;
const SHA256 = /^[0-9a-f]{64}$/;
const CHECKS = {
  photo: (value) => typeof value === "string" && value.includes("/"),
  photo_sha256: (value) => SHA256.test(value),
  model: (value) => typeof value === "string" && value !== "",
  checkpoint: (value) => SHA256.test(value),
  verdict: (value) => VERDICTS.includes(value),
  reasons: (value) => Array.isArray(value) && value.every((reason) => REASONS.includes(reason)),
  note: (value) => typeof value === "string",
  link: (value) => /^https?:\/\//.test(value),
  when: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
};

const byPhoto = (a, b) =>
  a.photo === b.photo ? (a.model < b.model ? -1 : 1) : a.photo < b.photo ? -1 : 1;

export function exportText(build, reviewer, verdicts) {
  const list = [...verdicts].sort(byPhoto);
  return `${JSON.stringify({ version: VERSION, build, reviewer, verdicts: list }, null, 1)}\n`;
}

// Returns the verdicts of an exported file; throws an Error whose message is for the reader.
export function parseExport(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
  if (file?.version !== VERSION || !Array.isArray(file.verdicts)) {
    throw new Error("it holds no verdicts, or those of another version of the gallery");
  }
  return file.verdicts.map(checked);
}

function checked(verdict, index) {
  const wrong = Object.keys(CHECKS).find((field) => !CHECKS[field](verdict?.[field]));
  if (wrong) throw new Error(`in verdict ${index + 1}, “${wrong}” is missing or unusable`);
  return Object.fromEntries(Object.keys(CHECKS).map((field) => [field, verdict[field]]));
}

// Of two verdicts on one result the newer one stays; of equally old ones, the first.
export const newer = (mine, theirs) =>
  mine && Date.parse(mine.when) >= Date.parse(theirs.when) ? mine : theirs;
