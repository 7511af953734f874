// Makes viewers of <photo-compare> elements that are written by hand: they hold figures alone
// (docs/viewer.md). The controls come from the page that the includes of the site write.

import { find } from "./dom.js";

const CONTROLS = new URL("viewer/controls.html", import.meta.url);

/** @param {HTMLElement[]} figures */
function frame(figures) {
  for (const figure of figures) {
    const box = document.createElement("span");
    box.className = `frame ${figure.dataset.ground ?? ""}`;
    const image = find(figure, "img");
    image.before(box);
    box.append(image);
  }
}

/**
 * @param {HTMLSelectElement} list
 * @param {HTMLElement[]} figures
 */
function fill(list, figures) {
  const options = figures.map((figure) => {
    const label = find(figure, "figcaption").textContent.trim();
    return new Option(label, figure.dataset.source);
  });
  list.append(...options);
}

/**
 * Makes the names unique that parts of the viewer call each other by.
 * @param {DocumentFragment} content
 * @param {number} index
 */
function rename(content, index) {
  for (const part of content.querySelectorAll("[id]")) part.id += `-${index}`;
  const opener = find(content, "[popovertarget]");
  opener.setAttribute("popovertarget", `${opener.getAttribute("popovertarget")}-${index}`);
}

/**
 * @param {HTMLElement} element
 * @param {HTMLTemplateElement} template
 * @param {number} index
 */
function furnish(element, template, index) {
  /** @type {HTMLElement[]} */
  const figures = [...element.querySelectorAll("figure")];
  const { width, height } = find(element, "img", HTMLImageElement);
  const [first, second] = figures.map(({ dataset }) => dataset.source);
  const content = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const start = { width, height, page: location.pathname, build: "", before: first, after: second };
  const given = { ...element.dataset };
  Object.assign(element.dataset, start, given, { mode: "swipe", shows: "a" });
  rename(content, index);
  frame(figures);
  for (const name of ["a", "b"]) fill(find(content, `[name=${name}]`, HTMLSelectElement), figures);
  const { style } = find(content, ".stage");
  style.setProperty("--width", element.dataset.width ?? "1");
  style.setProperty("--height", element.dataset.height ?? "1");
  find(content, ".pictures").append(...figures);
  element.append(content);
}

/** @type {NodeListOf<HTMLElement>} */
const elements = document.querySelectorAll("photo-compare:not(:has(form))");
const page = await (await fetch(CONTROLS)).text();
const parsed = new DOMParser().parseFromString(page, "text/html");
const template = find(parsed, "template", HTMLTemplateElement);
elements.forEach((element, index) => void furnish(element, template, index));
await import("./viewer/main.js");
