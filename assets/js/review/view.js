// What the viewer shows at this moment; where there is none, the page stands for it.

/** @returns {PhotoCompareElement | null} */
const viewer = () => document.querySelector("photo-compare");

// Gives the focus to the picture, whose keys are shortcuts.
export const toPicture = () =>
  /** @type {HTMLElement | null | undefined} */ (viewer()?.querySelector(".stage"))?.focus({
    preventScroll: true,
  });

// Returns the address of exactly this view, without the sheet that the reader came with.
export const link = () => viewer()?.link ?? location.href.replace(/\?[^#]*/, "");

// Returns the name of the method whose work is in view.
export const shownMethod = () => viewer()?.method;

// Returns the part of the photo in view, in words and its pixels, or nothing where all of it is.
export function crop() {
  const part = viewer()?.crop;
  return part && `${part.width} × ${part.height} pixels from ${part.x}, ${part.y}`;
}

// Returns the way of looking as a fragment, to look at another photo in the same way.
export const way = () => viewer()?.way ?? "";
