// What a slider looks like to style sheets and to screen readers.

/**
 * Height, ratio and limits become custom properties that slider.css makes a layout of.
 * @param {HTMLElement} element
 * @param {SliderSettings} settings
 */
export function applySize(element, { height, initialHeight, maxHeight }) {
  const ratio = /^(\d+)\s*:\s*(\d+)$/.exec(String(height));
  const properties = {
    "--slider-ratio": ratio && `${ratio[1]} / ${ratio[2]}`,
    "--slider-height": typeof height === "number" && `${height}px`,
    "--slider-initial-height": initialHeight > 0 && `${initialHeight}px`,
    "--slider-max-height": maxHeight > 0 && `${maxHeight}px`,
  };
  for (const [name, value] of Object.entries(properties)) {
    if (value) element.style.setProperty(name, value);
  }
}

/**
 * The first picture's own height takes over from the initial one, whether it loads or not.
 * @param {HTMLElement} element
 * @param {HTMLImageElement} image
 */
export function endInitialHeight(element, image) {
  const end = () => element.style.removeProperty("--slider-initial-height");
  if (image.complete) end();
  image.addEventListener("load", end, { once: true });
  image.addEventListener("error", end, { once: true });
}

/**
 * Roles and names of the carousel pattern: https://www.w3.org/WAI/ARIA/apg/patterns/carousel/
 * @param {HTMLElement} element
 * @param {HTMLElement[]} slides
 */
export function describe(element, slides) {
  element.setAttribute("role", "group");
  element.setAttribute("aria-roledescription", "carousel");
  element.setAttribute("aria-label", element.dataset.label ?? "");
  for (const [index, slide] of slides.entries()) {
    slide.setAttribute("role", "group");
    slide.setAttribute("aria-roledescription", "slide");
    slide.setAttribute("aria-label", `${index + 1} of ${slides.length}`);
  }
}
