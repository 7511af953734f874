// Makes sliders of the figures that _includes/ideal-image-slider/slider.html has written. Without
// the library they stay the row of pictures that slider.css makes of them.

import { enhance } from "./slider.js";

/** @param {LibrarySlider} Library */
function enhanceAll(Library) {
  /** @type {NodeListOf<SliderElement>} */
  const elements = document.querySelectorAll("[data-slider]");
  for (const [index, element] of elements.entries()) {
    try {
      enhance(element, index, Library);
    } catch (error) {
      console.error(`The slider ${element.id} failed; the others go on.`, error);
    }
  }
}

if (window.IdealImageSlider) enhanceAll(window.IdealImageSlider.Slider);
