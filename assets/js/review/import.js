// Reads the files in which verdicts travel, by the same rules as the pipeline
// (pipeline/sod_gallery/site/verdicts.py).

import { fromVersion1, VERSION } from "./format.js";
import { wrongIn } from "./schema.js";

/** @typedef {import("./schema.js").Schema} Schema */

const LARGEST = 20_000_000; // bytes
const SCHEMA = new URL("../../../docs/verdicts.schema.json", import.meta.url);

/** @returns {Promise<Schema>} */
async function fetchSchema() {
  const response = await fetch(SCHEMA);
  if (!response.ok) throw new Error("the rules for such files could not be loaded");
  return response.json();
}

/**
 * Returns the rules for what holds the entries, which have rules of their own.
 * @param {Schema} schema
 */
const envelopeOf = ({ $defs: { Export, Verdict } }) => ({
  type: "object",
  required: ["version", "build", "verdicts"],
  properties: {
    version: { enum: [1, VERSION] },
    build: Export.properties.build,
    verdicts: { type: "array" },
    preferences: { type: "array" },
    reviewer: Verdict.properties.reviewer, // in version 1, of all verdicts
  },
});

/**
 * Returns the rules for a verdict of version 1.
 * @param {Schema} schema
 */
function oldVerdict({ $defs: { Verdict } }) {
  const { reviewer, method, result_sha256, ...properties } = Verdict.properties;
  const reasons = { ...properties.reasons, maxItems: Infinity };
  Object.assign(properties, { model: method, checkpoint: result_sha256, reasons });
  return { ...Verdict, properties, required: Object.keys(properties) };
}

/**
 * Splits entries into those that are usable, and sentences on those that are not.
 * @param {any[]} entries
 * @param {string} what
 * @param {Schema} rules
 * @param {Schema} schema
 */
function sift(entries, what, rules, schema) {
  const usable = [];
  const leftOut = [];
  for (const [at, entry] of entries.entries()) {
    const wrong = wrongIn(entry, rules, schema);
    const photo = typeof entry?.photo === "string" ? ` (${entry.photo})` : "";
    if (wrong) leftOut.push(`${what} ${at + 1}${photo} is left out: ${wrong}.`);
    else usable.push(entry);
  }
  return { usable, leftOut };
}

const HALF = "\ud800"; // of a character, which no text may hold: the entry that has it is left out

/**
 * Returns the text of a file. What is no character in it becomes half a one.
 * @param {ArrayBuffer} bytes
 */
function textOf(bytes) {
  const decode = (/** @type {boolean} */ fatal) =>
    new TextDecoder("utf-8", { fatal, ignoreBOM: true }).decode(bytes);
  try {
    return decode(true);
  } catch {
    return decode(false).replaceAll("\ufffd", HALF);
  }
}

/** @param {File} file */
async function parse(file) {
  if (file.size > LARGEST) throw new Error("it has more than 20 MB");
  const text = textOf(await file.arrayBuffer());
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
}

/**
 * Returns the usable entries of an exported file, and sentences on the others. Throws an Error whose
 * message is for the reader where the file is no export.
 * @param {File} file
 * @returns {Promise<{ verdicts: Verdict[], preferences: Preference[], leftOut: string[] }>}
 */
export async function readExport(file) {
  const content = await parse(file);
  const schema = await fetchSchema();
  const wrong = wrongIn(content, envelopeOf(schema), schema);
  if (wrong) throw new Error(`it is no export of verdicts: ${wrong}`);
  const { version, reviewer = "-", preferences = [] } = content;
  const isOld = version !== VERSION;
  const rules = isOld ? oldVerdict(schema) : schema.$defs.Verdict;
  const verdicts = sift(content.verdicts, "verdict", rules, schema);
  const votes = sift(preferences, "preference", schema.$defs.Preference, schema);
  return {
    verdicts: isOld ? verdicts.usable.map((each) => fromVersion1(each, reviewer)) : verdicts.usable,
    preferences: votes.usable,
    leftOut: [...verdicts.leftOut, ...votes.leftOut],
  };
}
