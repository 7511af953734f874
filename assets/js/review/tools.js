// Verdicts leave this browser as a file, come in from one, and are cleared.

import { exportText, newer, parseExport } from "./format.js";
import { say } from "./say.js";
import { fetchIndex } from "./sheet.js";
import { keyOf, reviewer, setReviewer, update, verdicts } from "./store.js";

const plural = (count) => `${count} verdict${count === 1 ? "" : "s"}`;

// Brings the tools to life; calls `changed` after an import or a clearing.
export function startTools(tools, changed) {
  const { build, index } = tools.dataset;
  const said = tools.querySelector(".said");
  const name = tools.querySelector(".reviewer");
  const dialog = tools.querySelector("dialog");

  function exportVerdicts() {
    const all = verdicts(build);
    if (!all.size) return say(said, "There are no verdicts to export yet.");
    if (!reviewer()) {
      name.focus();
      return say(said, "Please enter your name first; it goes into the file.");
    }
    download(`verdicts-${build}-${slug(reviewer())}.json`, exportText(build, reviewer(), all.values()));
    say(said, `${plural(all.size)} exported.`);
  }

  async function importVerdicts(file) {
    try {
      const theirs = parseExport(await file.text());
      const known = theirs.filter(isIn(await fetchIndex(index)));
      update(build, (all) => {
        for (const one of known) all.set(keyOf(one), newer(all.get(keyOf(one)), one));
      });
      changed();
      say(said, `${plural(known.length)} imported.${leftOut(theirs.length - known.length)}`);
    } catch (error) {
      say(said, `${file.name} could not be imported: ${error.message}. Nothing was changed.`);
    }
  }

  function askToClear() {
    const count = verdicts(build).size;
    if (!count) return say(said, "There are no verdicts to clear.");
    dialog.querySelector("p").textContent =
      `Clear your ${plural(count)} of this build in all galleries? ` +
      "They are gone for good unless you export them first.";
    dialog.returnValue = "";
    dialog.showModal();
  }

  function clear() {
    if (dialog.returnValue !== "clear") return;
    update(build, (all) => all.clear());
    changed();
    say(said, "All verdicts of this build are cleared.");
  }

  name.value = reviewer();
  name.addEventListener("change", () => setReviewer(name.value));
  tools.querySelector(".export").addEventListener("click", exportVerdicts);
  tools.querySelector(".clear").addEventListener("click", askToClear);
  dialog.addEventListener("close", clear);
  tools.querySelector("[type=file]").addEventListener("change", ({ target }) => {
    if (target.files.length) importVerdicts(target.files[0]);
    target.value = "";
  });
}

// Tells of a verdict whether the gallery shows the same photo and the same checkpoint.
function isIn({ models, photos }) {
  const hashes = new Map(Object.values(photos).map(({ photo, sha256 }) => [photo, sha256]));
  return ({ photo, photo_sha256, model, checkpoint }) =>
    hashes.has(photo) && photo_sha256.startsWith(hashes.get(photo)) && models[model] === checkpoint;
}

const leftOut = (count) =>
  count ? ` ${plural(count)} left out: on photos or models that this build does not have.` : "";

const slug = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
