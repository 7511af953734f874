// The bar at the foot of a photo's page: a verdict on what the shown model made of the photo.

import { REASONS } from "./format.js";
import { asText, issueAddress, report } from "./issue.js";
import { onKeys } from "./keys.js";
import { copy, say } from "./say.js";
import { followSheet } from "./sheet-bar.js";
import { keyOf, onOtherTabs, update, verdicts } from "./store.js";
import { crop, link, shownModel } from "./view.js";

const section = document.querySelector(".review");
const { build, photo, sha256, title, repository } = section.dataset;
const find = (selector) => section.querySelector(selector);
const said = find(".said");
const note = find(".note");
const buttons = [...section.querySelectorAll("[data-verdict]")];
const models = [...section.querySelectorAll(".agreed")];
const chips = REASONS.map(chip);
let model = models[0].dataset;
let current;

function chip(reason) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = reason;
  button.addEventListener("click", () => toggleReason(reason));
  find(".reasons").append(button);
  return button;
}

function show() {
  const name = shownModel();
  model = (models.find(({ dataset }) => dataset.model === name) ?? models[0]).dataset;
  current = verdicts(build).get(keyOf({ photo, model: model.model }));
  for (const block of models) block.hidden = block.dataset !== model;
  for (const button of buttons) button.ariaPressed = button.dataset.verdict === current?.verdict;
  for (const button of chips) {
    button.ariaPressed = Boolean(current?.reasons.includes(button.textContent));
  }
  find(".why").hidden = !current;
  find(".reasons").hidden = current?.verdict === "good";
  if (document.activeElement !== note) note.value = current?.note ?? "";
  if (models.length > 1) find(".verdicts").ariaLabel = `Verdict on ${model.title}`;
  address();
}

function address() {
  if (current && repository) find(".report").href = issueAddress(repository, told());
}

const told = () => report(current, title, link(), crop());

function save(changes, sentence) {
  const verdict = {
    ...{ photo, photo_sha256: sha256, model: model.model, checkpoint: model.checkpoint },
    ...{ verdict: current?.verdict, reasons: current?.reasons ?? [], note: current?.note ?? "" },
    ...{ link: link(), when: new Date().toISOString() },
    ...changes,
  };
  store((all) => all.set(keyOf(verdict), verdict), sentence(verdict));
}

function store(change, sentence) {
  const kept = update(build, change);
  show();
  sheet.show();
  say(said, kept ? sentence : `${sentence} This browser keeps it only until you leave the page.`);
}

const summary = ({ verdict, reasons }) => `Saved: ${[verdict, ...reasons].join(", ")}.`;

function judge(verdict) {
  if (current?.verdict === verdict) {
    store((all) => all.delete(keyOf(current)), "Verdict taken back.");
  } else {
    save(verdict === "good" ? { verdict, reasons: [] } : { verdict }, summary);
  }
}

function toggleReason(reason) {
  const reasons = REASONS.filter((one) => current.reasons.includes(one) !== (one === reason));
  save({ reasons }, summary);
}

function keepNote() {
  const text = note.value.trim();
  if (current && text !== current.note) save({ note: text }, () => "Note saved.");
}

const sheet = followSheet(section, said);

for (const button of buttons) {
  button.addEventListener("click", () => judge(button.dataset.verdict));
}
note.addEventListener("change", keepNote);
addEventListener("pagehide", keepNote);
if (!repository) {
  find(".report").addEventListener("click", () => copy(asText(told()), said, "Text copied."));
}
onKeys({
  g: () => judge("good"),
  b: () => judge("bad"),
  u: () => judge("unsure"),
  n: () => find(".next").click(),
});
onOtherTabs(build, show);
document.addEventListener("viewchange", () => (shownModel() === model.model ? address() : show()));
show();
