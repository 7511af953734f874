// A photo's viewer without the names of methods: two of its results are called A and B.

import { find } from "../dom.js";

const LETTERS = ["A", "B"];

/**
 * @param {HTMLElement} figure
 * @returns {[string, string]} kind and method
 */
function sourceOf({ dataset }) {
  const [kind, ...method] = (dataset.source ?? "").split(".");
  return [kind, method.join(".")];
}

/**
 * Calls a result's picture by its letter.
 * @param {HTMLElement} figure
 * @param {string} letter
 * @param {string} title the method's
 */
function rename(figure, letter, title) {
  const [kind] = sourceOf(figure);
  const caption = find(figure, "figcaption");
  const image = find(figure, "img", HTMLImageElement);
  figure.dataset.source = `${kind}.${letter.toLowerCase()}`;
  delete figure.dataset.result;
  caption.textContent = caption.textContent.replace(`(${title})`, letter);
  image.alt = image.alt.replace(`(${title})`, letter);
}

/**
 * Takes the names out of a viewer that is not in the page yet.
 * @param {HTMLElement} viewer
 * @param {{ method: string, title: string }[]} sides A and B
 * @param {string} page to which links lead
 */
export function hideNames(viewer, sides, page) {
  /** @type {HTMLElement[]} */
  const figures = [...viewer.querySelectorAll("figure")];
  const madeBy = (/** @type {string} */ method) =>
    figures.filter((figure) => sourceOf(figure)[1] === method);
  const [photo, ...others] = madeBy("");
  const made = sides.map(({ method }) => madeBy(method));
  for (const [side, { title }] of sides.entries()) {
    for (const figure of made[side]) rename(figure, LETTERS[side], title);
  }
  const kept = [photo, ...made.flat(), ...others];
  for (const { dataset } of kept) {
    const [kind, letter] = (dataset.source ?? "").split(".");
    dataset.part = kind === "cutout" ? letter : "";
  }
  find(viewer, ".pictures").replaceChildren(...kept);
  for (const name of ["a", "b"]) {
    const options = kept.map(
      (figure) =>
        new Option(find(figure, "figcaption").textContent.trim(), figure.dataset.source ?? ""),
    );
    find(viewer, `select[name=${name}]`).replaceChildren(...options);
  }
  for (const row of viewer.querySelectorAll(".for-verdicts, .for-votes")) {
    row.toggleAttribute("hidden", row.classList.contains("for-verdicts"));
  }
  Object.assign(viewer.dataset, { before: "cutout.a", after: "cutout.b", page });
}
