// Turns every <photo-compare> of the page into a viewer, which ends above the bar at the page's foot.

import { PhotoCompare } from "./element.js";

const bar = document.querySelector(".bar");
const noteHeight = () =>
  document.body.style.setProperty("--bar", `${bar?.getBoundingClientRect().height}px`);
if (bar) new ResizeObserver(noteHeight).observe(bar);

// Style sheets have painted the first view, or are about to: what follows can wait for that.
const define = () => customElements.define("photo-compare", PhotoCompare);
if (matchMedia("(scripting: enabled)").matches) requestAnimationFrame(() => setTimeout(define));
