// Another photo in the same page: in full screen, which a browser leaves with the page.

import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { fetchPage } from "./page.js";
import { announce } from "./status-line.js";

const begin = newestWins();
let shown = location.pathname + location.search; // the address of the photo in view
let isFollowing = false;

/**
 * Puts what another photo's page has into this one. The bar stays as it is, for what has the focus
 * and what listens to it; a photo's own page has the same one.
 * @param {HTMLElement} section of the review
 * @param {Document} page
 */
function put(section, page) {
  const other = find(page, ".review");
  for (const part of [".photo-top", ".compared"]) {
    find(document, part).replaceWith(find(page, part));
  }
  Object.assign(section.dataset, other.dataset);
  for (const block of section.querySelectorAll(".reviewed-result")) block.remove();
  find(section, ".bar").before(...other.querySelectorAll(".reviewed-result"));
  const next = find(section, ".next", HTMLAnchorElement);
  const following = find(other, ".next", HTMLAnchorElement);
  next.href = following.getAttribute("href") ?? "";
  next.childNodes[0].nodeValue = following.childNodes[0].nodeValue;
  document.title = page.title;
  const address = document.querySelector("link[rel=canonical]");
  address?.replaceWith(page.querySelector("link[rel=canonical]") ?? address);
}

/**
 * Shows the photo of an address. Leaves the page for it where it is no photo's.
 * @param {HTMLElement} section of the review
 * @param {string} address
 * @param {() => void} onShown
 * @param {boolean} [isNew] whether the address is another step in the history
 */
export async function turnTo(section, address, onShown, isNew = true) {
  const isNewest = begin();
  if (!isFollowing) followHistory(section, onShown);
  const { pathname, search } = new URL(address);
  if (!pathname.startsWith(section.dataset.photoPages ?? "/")) return location.assign(address);
  const page = await fetchPage(address);
  if (!isNewest()) return;
  dispatchEvent(new Event("pagehide")); // the viewer notes its view, the bar a note
  if (isNew) history.pushState(null, "", address);
  shown = pathname + search;
  put(section, page);
  onShown();
  announce(find(section, ".status-line"), find(document, "h1").textContent.trim());
}

/**
 * Goes back and forth between the photos that were shown in this page.
 * @param {HTMLElement} section
 * @param {() => void} onShown
 */
function followHistory(section, onShown) {
  isFollowing = true;
  const turn = (/** @type {Event} */ event) => {
    if (location.pathname + location.search === shown) return;
    event.stopImmediatePropagation(); // the address is of no view of the photo that is shown
    turnTo(section, location.href, onShown, false).catch(() => location.reload());
  };
  addEventListener("popstate", turn, { capture: true });
}
