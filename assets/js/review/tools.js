// Verdicts leave this browser as a file, come in from one, and are cleared.

import { find } from "../dom.js";
import { collected, download, exportFile } from "./download.js";
import { lineOf, outdated, showOutdated } from "./outdated.js";
import { announce } from "./status-line.js";
import * as store from "./store.js";
import { plural } from "./words.js";

const MOST = 20; // sentences on what was left out

/** @type {(tools: HTMLElement) => (text: string) => void} */
const speaker = (tools) => (text) => announce(find(tools, ".status-line"), text);

/**
 * Brings the tools to life; returns the function that brings them up to date.
 * @param {HTMLElement} tools
 * @param {() => void} onChange called after an import, a clearing, or another name
 */
export function startTools(tools, onChange) {
  const { index } = /** @type {ReviewToolsData} */ (tools.dataset);
  const name = find(tools, ".reviewer", HTMLInputElement);
  const frame = tools.closest("details");

  function show() {
    if (document.activeElement !== name) name.value = store.reviewer();
    const said = [...store.verdicts.all().values()];
    const isOfOthers = said.some(({ reviewer }) => reviewer !== store.reviewer());
    find(tools, ".export-all").hidden = !isOfOthers;
    find(tools, ".not-kept").hidden = store.isKeeping();
    if (!frame || frame.open) showOutdated(tools, index);
  }

  const change = () => {
    show();
    onChange();
  };
  name.addEventListener("change", () => {
    store.setReviewer(name.value);
    change();
  });
  frame?.addEventListener("toggle", show);
  offerExport(tools, name);
  offerImport(tools, change);
  offerClearing(tools, change);
  show();
  return show;
}

/**
 * @param {HTMLElement} tools
 * @param {HTMLInputElement} name
 */
function offerExport(tools, name) {
  const { build } = /** @type {ReviewToolsData} */ (tools.dataset);
  const say = speaker(tools);

  /** @param {boolean} ofAll */
  function exportVerdicts(ofAll) {
    const said = collected(ofAll);
    const { verdicts, preferences } = said;
    if (!verdicts.length && !preferences.length) {
      return say("There are no verdicts of yours to export yet.");
    }
    if (verdicts.some(({ reviewer }) => !reviewer) || !store.reviewer()) {
      name.focus();
      return say("Please enter your name first; it goes into the file.");
    }
    download(exportFile(build, said, ofAll ? "all" : undefined));
    say(`${plural(verdicts.length)} exported.`);
  }

  find(tools, ".export").addEventListener("click", () => exportVerdicts(false));
  find(tools, ".export-all").addEventListener("click", () => exportVerdicts(true));
}

/**
 * @param {HTMLElement} tools
 * @param {() => void} onChange
 */
function offerImport(tools, onChange) {
  const { index } = /** @type {ReviewToolsData} */ (tools.dataset);
  const field = find(tools, "[type=file]", HTMLInputElement);
  const say = speaker(tools);

  /** @param {File} file */
  async function importFile(file) {
    try {
      const { readExport } = await import("./import.js");
      const { verdicts, preferences, leftOut } = await readExport(file);
      store.verdicts.add(verdicts.map(withTidyName));
      store.preferences.add(preferences.map(withTidyName));
      onChange();
      showLeftOut(tools, leftOut);
      const left = leftOut.length ? ` ${leftOut.length} left out.` : "";
      say(`${plural(verdicts.length)} imported.${left}${await outdatedSentence(index)}`);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      say(`${file.name} could not be imported: ${message}. Nothing was changed.`);
    }
  }

  field.addEventListener("change", () => {
    if (field.files?.length) importFile(field.files[0]);
    field.value = "";
  });
}

/**
 * @template {{ reviewer: string }} T
 * @param {T} said
 * @returns {T}
 */
const withTidyName = (said) => ({ ...said, reviewer: store.tidy(said.reviewer) });

/** @param {string} index */
async function outdatedSentence(index) {
  const { length } = await outdated(index).catch(() => []);
  return length ? ` ${plural(length, "outdated verdict")} listed below.` : "";
}

/**
 * @param {HTMLElement} tools
 * @param {string[]} sentences
 */
function showLeftOut(tools, sentences) {
  const lines = sentences.slice(0, MOST);
  if (sentences.length > MOST) lines.push(`and ${sentences.length - MOST} more`);
  const list = find(tools, ".left-out");
  list.hidden = !lines.length;
  list.replaceChildren(...lines.map(lineOf));
}

/**
 * Clears everything that is kept for this site, after asking.
 * @param {HTMLElement} tools
 * @param {() => void} onChange
 */
function offerClearing(tools, onChange) {
  const dialog = find(tools, "dialog", HTMLDialogElement);
  const say = speaker(tools);

  find(tools, ".clear").addEventListener("click", () => {
    const count = store.verdicts.all().size;
    if (!count && !store.preferences.all().size) return say("There are no verdicts to clear.");
    find(dialog, "p").textContent =
      `Clear all ${plural(count)} of this site in this browser, with those that you imported? ` +
      "They are gone for good unless you export them first.";
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "clear") return;
    for (const list of [store.verdicts, store.preferences]) list.remove(list.all().keys());
    onChange();
    say("All verdicts are cleared.");
  });
}
