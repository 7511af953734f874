// One slider: the library in the middle; our controls, keys and rotation around it.

import { find } from "../dom.js";
import { createControls, createNav } from "./controls.js";
import { applySize, describe, endInitialHeight } from "./layout.js";
import { createRotation } from "./rotation.js";
import { callByName, readSettings } from "./settings.js";
import { createStage, repairNav, settleSlides, showCurrent } from "./stage.js";

/** @type {Record<string, "previousSlide" | "nextSlide">} */
const MOVES = { ArrowLeft: "previousSlide", ArrowRight: "nextSlide" };
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Makes a slider of `element`'s pictures; a single picture stays a picture.
 * @param {SliderElement} element
 * @param {number} index
 * @param {LibrarySlider} Library
 */
export function enhance(element, index, Library) {
  const settings = readSettings(element.dataset.settings);
  const stage = find(element, ".slider-slides");
  applySize(element, settings);
  endInitialHeight(element, find(stage, "img", HTMLImageElement));
  if (stage.children.length > 1) new Slider(element, stage, settings, index, Library);
}

class Slider {
  /**
   * @param {SliderElement} element
   * @param {HTMLElement} stage
   * @param {SliderSettings} settings
   * @param {number} index
   * @param {LibrarySlider} Library
   */
  constructor(element, stage, settings, index, Library) {
    this.element = element;
    this.stage = stage;
    this.settings = settings;
    this.slides = /** @type {HTMLElement[]} */ ([...stage.children]);
    this.hasKeys = settings.keyboardNav && !settings.disableNav;
    /** @type {SliderNav} */
    this.nav = settings.disableNav ? {} : createNav(settings);
    this.rotation = this.#createRotation();
    this.controls = this.#createControls();
    this.element.append(this.controls.row);
    this.library = this.#createLibrary(index, Library);
    this.api = this.#createApi();
    this.#open();
  }

  #createRotation() {
    const { settings } = this;
    return createRotation({
      interval: settings.interval,
      advance: () => this.library.nextSlide(),
      isSuspended: () => this.#isSuspended(),
      onChange: (running) => {
        this.#showRotation(running);
        callByName(running ? settings.onStart : settings.onStop);
      },
    });
  }

  /** Who points at a picture, or has the keyboard's focus here, is looking: stay. */
  #isSuspended() {
    const focused = this.element.querySelector(":focus-visible:not(.slider-toggle)");
    return document.hidden || focused !== null || this.stage.matches(":hover");
  }

  #createControls() {
    const { rotation, settings } = this;
    const hasBullets = "bullets" in this.element.dataset;
    const toggle = () => (rotation.running() ? rotation.stop() : rotation.start());
    return createControls({
      count: this.slides.length,
      nav: this.nav,
      hasKeys: this.hasKeys,
      onChoose: hasBullets ? (number) => this.library.gotoSlide(number) : undefined,
      onToggle: settings.interval > 0 ? toggle : undefined,
    });
  }

  /**
   * Marks each part by an attribute, so that no id or selector of the page can be mistaken.
   * @param {number} index
   * @param {LibrarySlider} Library
   * @returns {SliderLibrary}
   */
  #createLibrary(index, Library) {
    const { nav, rotation, settings, stage } = this;
    /** @type {(element: HTMLElement | undefined, name: string) => string} */
    const mark = (element, name) => {
      element?.setAttribute(name, String(index));
      return `[${name}="${index}"]`;
    };
    const librarySettings = {
      ...settings,
      selector: mark(stage, "data-slider-stage"),
      previousNavSelector: mark(nav.previous, "data-slider-previous"),
      nextNavSelector: mark(nav.next, "data-slider-next"),
      onInit: () => callByName(settings.onInit),
      onStart: () => {},
      onStop: () => {},
      beforeChange: () => this.#leaveSlide(),
      afterChange: () => this.#showSlide(),
    };
    const library = createStage(stage, librarySettings, Library);
    return Object.assign(library, { start: rotation.start, stop: rotation.stop });
  }

  #open() {
    const { element, library, nav } = this;
    for (const arrow of Object.values(nav)) repairNav(arrow, library);
    if (this.hasKeys) this.#listenToKeys();
    describe(element, this.slides);
    showCurrent(library._attributes);
    this.controls.showSlide(0);
    this.#showRotation(false);
    element.classList.add("slider-ready");
    element.slider = this.api;
    reducedMotion.addEventListener("change", this.rotation.stop);
    window.addEventListener("beforeprint", () => this.#loadAll());
    this.api.start();
  }

  /** Arrow keys belong to the slider that holds the focus, and to no other. */
  #listenToKeys() {
    this.element.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!move || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.library.stop();
      this.library[move]();
    });
  }

  /** Paper shows all slides, and a picture that was not near the window was not loaded yet. */
  #loadAll() {
    for (const image of this.stage.querySelectorAll("img")) image.loading = "eager";
  }

  #leaveSlide() {
    settleSlides(this.library._attributes);
    callByName(this.settings.beforeChange);
  }

  #showSlide() {
    const attributes = this.library._attributes;
    showCurrent(attributes);
    this.controls.showSlide(this.slides.indexOf(attributes.currentSlide));
    callByName(this.settings.afterChange);
  }

  /** @param {boolean} running */
  #showRotation(running) {
    this.controls.showRotation(running);
    this.stage.setAttribute("aria-live", running ? "off" : "polite");
  }

  /**
   * What scripts of the page may use: `document.getElementById("slider1").slider.gotoSlide(2)`.
   * @returns {SliderApi}
   */
  #createApi() {
    const { library, rotation, slides } = this;
    return Object.freeze({
      start: () => {
        if (!reducedMotion.matches) rotation.start();
      },
      stop: rotation.stop,
      previousSlide: () => library.previousSlide(),
      nextSlide: () => library.nextSlide(),
      gotoSlide: (/** @type {number} */ number) => {
        if (slides[number - 1]) library.gotoSlide(number);
      },
    });
  }
}
