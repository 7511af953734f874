// The links to other photos keep the way of looking that the reader has chosen.

import { find } from "../dom.js";
import { way } from "./view.js";

/**
 * Returns the function that brings the links up to date.
 * @param {HTMLElement} section
 * @param {string} photoPages
 */
export function carryWay(section, photoPages) {
  // Who came without a view and has not changed it leaves it to the next page.
  let start = location.hash.includes("=") ? "" : undefined;

  return () => {
    const now = way();
    if (!now) return;
    start ??= now;
    const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll(".neighbours a")
    );
    for (const link of [find(section, ".next", HTMLAnchorElement), ...links]) {
      if (link.pathname.startsWith(photoPages)) link.hash = now === start ? "" : now;
    }
  };
}
