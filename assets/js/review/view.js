// What the viewer shows at this moment; where there is none, the page stands for it.

/** @returns {PhotoCompareElement | null} */
const viewer = () => document.querySelector("photo-compare");

// Returns the address of exactly this view, without the sheet that the reader came with.
export const link = () => viewer()?.link ?? location.href.replace(/\?[^#]*/, "");

// Returns the name of the model whose work is in view.
export const shownModel = () => viewer()?.model;

// Returns the part of the photo in view, in words and its pixels, or nothing where all of it is.
export function crop() {
  const part = viewer()?.crop;
  return part && `${part.width} × ${part.height} pixels from ${part.x}, ${part.y}`;
}
