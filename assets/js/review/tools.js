// Verdicts leave this browser as a file, come in from one, and are cleared.

import { find } from "../dom.js";
import { exportText, newer, parseExport } from "./format.js";
import { fetchIndex } from "./sheet.js";
import { announce } from "./status-line.js";
import { keyOf, reviewer, setReviewer, update, verdicts } from "./store.js";
import { readVocabulary } from "./vocabulary.js";

/** @param {number} count */
const plural = (count) => `${count} verdict${count === 1 ? "" : "s"}`;

/** @type {(tools: HTMLElement) => (text: string) => void} */
const speaker = (tools) => (text) => announce(find(tools, ".status-line"), text);

/**
 * Brings the tools to life.
 * @param {HTMLElement} tools
 * @param {() => void} onChange called after an import or a clearing
 */
export function startTools(tools, onChange) {
  const { build } = /** @type {ReviewToolsData} */ (tools.dataset);
  const name = find(tools, ".reviewer", HTMLInputElement);
  const say = speaker(tools);

  function exportVerdicts() {
    const all = verdicts(build);
    if (!all.size) return say("There are no verdicts to export yet.");
    if (!reviewer()) {
      name.focus();
      return say("Please enter your name first; it goes into the file.");
    }
    const text = exportText(build, reviewer(), all.values());
    download(`verdicts-${build}-${slug(reviewer())}.json`, text);
    say(`${plural(all.size)} exported.`);
  }

  /** @param {File} file */
  async function importFile(file) {
    try {
      const { imported, total } = await importVerdicts(file, tools);
      onChange();
      say(`${plural(imported)} imported.${leftOut(total - imported)}`);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      say(`${file.name} could not be imported: ${message}. Nothing was changed.`);
    }
  }

  name.value = reviewer();
  name.addEventListener("change", () => setReviewer(name.value));
  find(tools, ".export").addEventListener("click", exportVerdicts);
  offerClearing(tools, onChange);
  const field = find(tools, "[type=file]", HTMLInputElement);
  field.addEventListener("change", () => {
    if (field.files?.length) importFile(field.files[0]);
    field.value = "";
  });
}

/**
 * Clears all verdicts of the build, after asking.
 * @param {HTMLElement} tools
 * @param {() => void} onChange
 */
function offerClearing(tools, onChange) {
  const { build } = /** @type {ReviewToolsData} */ (tools.dataset);
  const dialog = find(tools, "dialog", HTMLDialogElement);
  const say = speaker(tools);

  find(tools, ".clear").addEventListener("click", () => {
    const count = verdicts(build).size;
    if (!count) return say("There are no verdicts to clear.");
    find(dialog, "p").textContent =
      `Clear your ${plural(count)} of this build in all galleries? ` +
      "They are gone for good unless you export them first.";
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "clear") return;
    update(build, (all) => all.clear());
    onChange();
    say("All verdicts of this build are cleared.");
  });
}

/**
 * Takes in the verdicts of a file that are about what this build holds.
 * @param {File} file
 * @param {HTMLElement} tools
 */
async function importVerdicts(file, tools) {
  const { build, index } = /** @type {ReviewToolsData} */ (tools.dataset);
  const theirs = parseExport(await file.text(), readVocabulary(tools));
  const known = theirs.filter(isIn(await fetchIndex(index)));
  update(build, (all) => {
    for (const verdict of known) all.set(keyOf(verdict), newer(all.get(keyOf(verdict)), verdict));
  });
  return { imported: known.length, total: theirs.length };
}

/**
 * Tells of a verdict whether the gallery shows the same photo and the same checkpoint.
 * @param {ReviewIndex} index
 * @returns {(verdict: Verdict) => boolean}
 */
function isIn({ models, photos }) {
  const hashes = new Map(Object.values(photos).map(({ photo, sha256 }) => [photo, sha256]));
  return ({ photo, photo_sha256, model, checkpoint }) => {
    const sha256 = hashes.get(photo);
    return sha256 !== undefined && photo_sha256.startsWith(sha256) && models[model] === checkpoint;
  };
}

/** @param {number} count */
const leftOut = (count) =>
  count ? ` ${plural(count)} left out: on photos or models that this build does not have.` : "";

/** @param {string} name */
const slug = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");

/**
 * @param {string} name
 * @param {string} text
 */
function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
