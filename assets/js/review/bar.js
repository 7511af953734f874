// The bar at the foot of a photo's page: a verdict on what the shown model made of the photo.

import { find } from "../dom.js";
import { asText, issueAddress, report } from "./issue.js";
import { onKeys } from "./keys.js";
import { followSheet } from "./sheet-bar.js";
import { announce, copy } from "./status-line.js";
import { keyOf, onOtherTabs, update, verdicts } from "./store.js";
import { crop, link, shownModel } from "./view.js";

const FLAWLESS = "good"; // the verdict that takes no reasons

const section = find(document, ".review");
const { build, photo, sha256, title, repository } = /** @type {ReviewBarData} */ (section.dataset);
const statusLine = find(section, ".status-line");
const note = find(section, ".note", HTMLInputElement);

/** @type {NodeListOf<HTMLButtonElement>} */
const verdictButtons = section.querySelectorAll(".verdicts button");
/** @type {NodeListOf<HTMLButtonElement>} */
const reasonButtons = section.querySelectorAll(".reasons button");
/** @type {NodeListOf<HTMLElement>} */
const blocks = section.querySelectorAll(".reviewed-result");

const results = [...blocks].map((block) => ({
  block,
  data: /** @type {ReviewedResultData} */ (block.dataset),
}));
let [result] = results; // the one that is judged

/** @type {Verdict | undefined} */
let current;

function show() {
  const model = shownModel();
  result = results.find(({ data }) => data.model === model) ?? results[0];
  current = verdicts(build).get(keyOf({ photo, model: result.data.model }));
  for (const { block } of results) block.hidden = block !== result.block;
  for (const button of verdictButtons) press(button, button.value === current?.verdict);
  for (const button of reasonButtons) press(button, current?.reasons.includes(button.value));
  find(section, ".explanation").hidden = !current;
  find(section, ".reasons").hidden = current?.verdict === FLAWLESS;
  if (document.activeElement !== note) note.value = current?.note ?? "";
  if (results.length > 1) find(section, ".verdicts").ariaLabel = `Verdict on ${result.data.title}`;
  showIssueAddress();
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} [isPressed]
 */
function press(button, isPressed = false) {
  button.ariaPressed = String(isPressed);
}

function showIssueAddress() {
  if (!current || !repository) return;
  const anchor = find(section, ".report", HTMLAnchorElement);
  anchor.href = issueAddress(repository, report(current, title, link(), crop()));
}

function copyReport() {
  if (current) copy(asText(report(current, title, link(), crop())), statusLine, "Text copied.");
}

/**
 * Saves the verdict with some fields changed; `sentence` says so.
 * @param {Partial<Verdict>} changes
 * @param {(verdict: Verdict) => string} sentence
 */
function save(changes, sentence) {
  const { verdict, reasons, note } = current ?? { verdict: "", reasons: [], note: "" };
  const { model, checkpointSha256 } = result.data;
  const saved = {
    ...{ photo, photo_sha256: sha256, model, checkpoint: checkpointSha256 },
    ...{ verdict, reasons, note },
    ...{ link: link(), when: new Date().toISOString() },
    ...changes,
  };
  store((all) => all.set(keyOf(saved), saved), sentence(saved));
}

/**
 * @param {(all: Verdicts) => void} change
 * @param {string} sentence
 */
function store(change, sentence) {
  const isKept = update(build, change);
  show();
  sheet.show();
  const lost = " This browser keeps it only until you leave the page.";
  announce(statusLine, isKept ? sentence : sentence + lost);
}

/** @param {Verdict} verdict */
const summary = ({ verdict, reasons }) => `Saved: ${[verdict, ...reasons].join(", ")}.`;

/** @param {string} verdict */
function judge(verdict) {
  const key = keyOf({ photo, model: result.data.model });
  if (current?.verdict === verdict) store((all) => all.delete(key), "Verdict taken back.");
  else save(verdict === FLAWLESS ? { verdict, reasons: [] } : { verdict }, summary);
}

/** @param {HTMLButtonElement} toggled */
function toggleReason(toggled) {
  const isChosen = (/** @type {HTMLButtonElement} */ button) =>
    (button.ariaPressed === "true") !== (button === toggled);
  const reasons = [...reasonButtons].filter(isChosen).map(({ value }) => value);
  save({ reasons }, summary);
}

function saveNote() {
  const text = note.value.trim();
  if (current && text !== current.note) save({ note: text }, () => "Note saved.");
}

const sheet = followSheet(section, statusLine);

/** @type {Record<string, () => void>} */
const actions = { n: () => find(section, ".next").click() };
for (const button of verdictButtons) {
  const act = () => judge(button.value);
  button.addEventListener("click", act);
  actions[button.ariaKeyShortcuts?.toLowerCase() ?? ""] = act;
}
for (const button of reasonButtons) button.addEventListener("click", () => toggleReason(button));
note.addEventListener("change", saveNote);
addEventListener("pagehide", saveNote);
if (!repository) find(section, ".report").addEventListener("click", copyReport);
onKeys(actions);
onOtherTabs(build, show);
document.addEventListener("viewchange", () => {
  if (shownModel() === result.data.model) showIssueAddress();
  else show();
});
show();
