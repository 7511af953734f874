// Turns every <photo-compare> of the page into a viewer.

import { PhotoCompare } from "./element.js";

// Style sheets have painted the first view, or are about to: what follows can wait for that.
const define = () => customElements.define("photo-compare", PhotoCompare);
if (matchMedia("(scripting: enabled)").matches) requestAnimationFrame(() => setTimeout(define));
