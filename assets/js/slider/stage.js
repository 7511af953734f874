// Runs the library, and puts right what it does to slides.

/** What the library loads in place of a picture: it would put names with spaces into url(...). */
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

function standIn() {
  const image = document.createElement("img");
  image.src = PIXEL;
  return image;
}

/**
 * Puts each slide where the library has put an <a> with a background, and under its care. Slides
 * keep their <img>, with its alternative text, and their links; no text passes through innerHTML.
 * @param {LibraryAttributes} attributes
 * @param {HTMLElement[]} slides
 */
function adoptSlides(attributes, slides) {
  const { previousSlide, currentSlide, nextSlide } = attributes;
  const anchors = attributes.slides;
  const slideOf = (/** @type {HTMLElement} */ anchor) => slides[anchors.indexOf(anchor)];
  for (const anchor of anchors) {
    const slide = slideOf(anchor);
    slide.classList.add(...anchor.classList);
    slide.style.transitionDuration = anchor.style.transitionDuration;
    slide.style.backgroundImage = "none"; // else the library loads one when the slide comes near
    anchor.replaceWith(slide);
  }
  attributes.previousSlide = slideOf(previousSlide);
  attributes.currentSlide = slideOf(currentSlide);
  attributes.nextSlide = slideOf(nextSlide);
  attributes.slides = slides;
}

/**
 * Returns the library's slider over the children of `stage`: two or more, else it has none.
 * @param {HTMLElement} stage
 * @param {object} settings
 * @param {LibrarySlider} Library
 */
export function createStage(stage, settings, Library) {
  const slides = /** @type {HTMLElement[]} */ ([...stage.children]);
  stage.replaceChildren(...slides.map(standIn));
  stage.tabIndex = -1;
  const library = new Library({
    ...settings,
    height: 0, // the style sheet's business: a height in pixels would cut captions off
    keyboardNav: false, // it listens on the document: every slider of a page would move
  });
  stage.style.removeProperty("height");
  adoptSlides(library._attributes, slides);
  return library;
}

/**
 * The library hides the arrows on touch screens, and ignores clicks while it animates.
 * @param {HTMLElement} nav
 * @param {SliderLibrary} library
 */
export function repairNav(nav, library) {
  const { container } = library._attributes;
  const { animating } = library.settings.classes;
  nav.style.removeProperty("display");
  nav.addEventListener("click", () => container.classList.remove(animating), { capture: true });
}

/**
 * Forgets where an unfinished swipe has left the slides: a later one would show off-screen.
 * @param {LibraryAttributes} attributes
 */
export function settleSlides({ slides }) {
  for (const slide of slides) {
    slide.style.removeProperty("transform");
  }
}

/**
 * Keeps Tab and screen readers to the current slide, and takes the focus along to it.
 * @param {LibraryAttributes} attributes
 */
export function showCurrent({ slides, container, currentSlide }) {
  const hadFocus = container.contains(document.activeElement);
  for (const slide of slides) {
    slide.inert = slide !== currentSlide;
    slide.setAttribute("aria-hidden", String(slide.inert));
  }
  const target = currentSlide.querySelector("a") ?? container;
  if (hadFocus) target.focus({ preventScroll: true });
}
