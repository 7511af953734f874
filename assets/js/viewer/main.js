// <photo-compare>: a photo, what models made of it, and two of these at a time compared. Its figures
// are the sources; without scripts they are what there is to see.

import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { actions } from "./actions.js";
import { fly } from "./flight.js";
import * as form from "./form.js";
import { fit, paneOf, place, settle } from "./geometry.js";
import * as keys from "./keys.js";
import { follow, isView, read, startView, write } from "./link.js";
import { Picture } from "./pictures.js";
import * as pointers from "./pointers.js";
import { showScores, showValues } from "./readings.js";

/** @param {string} side */
const otherSide = (side) => (side === "a" ? "b" : "a");

export class PhotoCompare extends HTMLElement {
  #beginMove = newestWins();
  #beginPaint = newestWins();
  #isHeld = false;
  /** @type {((fragment: string, isStep: boolean) => void) | undefined} */
  #note;
  #start;
  #view;

  // The figures are there: the element is defined after the page was parsed.
  constructor() {
    super();
    this.data = /** @type {ViewerData} */ (this.dataset);
    /** @type {ViewerForm} */
    this.form = find(this, "form");
    this.stage = find(this, ".stage");
    this.photo = { width: Number(this.data.width), height: Number(this.data.height) };
    this.isPage = this.data.own !== undefined; // the page's address then holds the view
    this.pictures = [...this.querySelectorAll("figure")].map((figure) => new Picture(figure));
    this.sources = this.pictures.map(({ id }) => id);
    this.#view = this.#start = startView(this.sources, this.data);
  }

  connectedCallback() {
    if (this.stage.ariaBusy) return; // it was moved
    for (const { id, classList } of this.querySelectorAll("filter")) {
      this.stage.style.setProperty(`--${classList}-filter`, `url("#${id}")`);
    }
    if (this.isPage) this.#note = follow((fragment) => this.open(fragment));
    this.#listen();
    this.open(this.isPage && isView(location.hash) ? location.hash : "");
  }

  #listen() {
    const act = actions(this);
    form.listen(this.form, (changes, isStep) => this.change(changes, isStep), act);
    pointers.listen(this, (point) => showValues(this, point));
    if (this.data.bare === undefined) keys.listen(this, act);
    this.#followSize();
  }

  #followSize() {
    const size = () => `${this.stage.clientWidth} ${this.stage.clientHeight}`;
    let known = size();
    new ResizeObserver(() => {
      if (size() === known) return;
      known = size();
      this.#set(this.#view);
    }).observe(this.stage);
  }

  get view() {
    return this.#view;
  }

  // The view that is shown, and the build that it is of.
  get state() {
    return { ...this.#view, build: this.data.build };
  }

  // The address that opens this view, on the photo's own page.
  get link() {
    return new URL(this.data.page + this.#fragment(), location.href).href;
  }

  // The name of the model whose work is in view.
  get model() {
    return [this.side("b"), this.side("a"), ...this.pictures].find(({ model }) => model)?.model;
  }

  // The part of the photo in view, in its pixels; nothing where all of it is.
  get crop() {
    const pane = this.pane();
    const { left, top, width } = place(this.#view, this.photo, pane);
    const inPhoto = (/** @type {number} */ length) =>
      Math.round((length * this.photo.width) / width);
    const [x, y] = [-left, -top].map((length) => inPhoto(Math.max(0, length)));
    const [right, bottom] = [this.photo.width - x, this.photo.height - y];
    const part = [Math.min(right, inPhoto(pane.width)), Math.min(bottom, inPhoto(pane.height))];
    return this.#view.zoom === 1 ? undefined : { x, y, width: part[0], height: part[1] };
  }

  #fragment() {
    return write(this.#view, this.data.build);
  }

  /**
   * Shows the view that is nearest to a link's fragment, and says so where it is not the same.
   * @param {string} fragment
   */
  open(fragment) {
    const { view, misses } = read(fragment, this.#start, this.sources, this.data.build);
    this.#set(view);
    this.announce(misses.length ? `Nearest view: ${misses.join("; ")}.` : "");
  }

  /**
   * Changes the view.
   * @param {Partial<View>} changes
   * @param {boolean} isStep something to come back to with the browser's Back
   * @param {string} text what there is to be said
   */
  change(changes, isStep = false, text = "") {
    this.#beginMove();
    const { a, b } = this.#view;
    const view = { ...this.#view, ...changes };
    // A source that is chosen for one side while it is on the other changes places.
    if (view.a === view.b) Object.assign(view, "a" in changes ? { b: a } : { a: b });
    this.#set(view);
    this.announce(text);
    this.#note?.(this.#fragment(), isStep);
  }

  /**
   * Moves the photo by CSS pixels.
   * @param {number} x
   * @param {number} y
   */
  move(x, y) {
    const { width, height } = place(this.#view, this.photo, this.pane());
    this.change({ x: this.#view.x - x / width, y: this.#view.y - y / height });
  }

  /**
   * Moves the view to another one, unless something else changes it on the way.
   * @param {Point & { zoom: number }} to
   * @param {string} text what there is to be said on arrival
   */
  fly(to, text) {
    const land = () => this.change(to, false, text);
    const show = (/** @type {Partial<View>} */ between) => this.#set({ ...this.#view, ...between });
    fly(this.#view, to, show, land, this.#beginMove());
  }

  flip() {
    this.change({ shows: otherSide(this.#view.shows) });
  }

  /** @param {string} text */
  announce(text) {
    const notice = find(this, ".notice");
    if (notice.textContent !== text) notice.textContent = text;
  }

  /**
   * Shows the other of the two pictures while its key is down; tells whether that means anything.
   * @param {boolean} isDown
   */
  hold(isDown) {
    if (this.#view.mode !== "toggle" && isDown) return false;
    this.#isHeld = isDown;
    this.#render();
    return true;
  }

  /** @param {View} view */
  #set(view) {
    const before = this.#view;
    const isKept = view.mode !== before.mode && view.zoom === before.zoom && view.zoom > 1;
    const fitted = fit(this.photo, this.pane());
    if (view.mode !== before.mode) this.dataset.mode = view.mode;
    this.#view = view;
    // Whoever looks closely looks as closely in panes of another size.
    const zoom = isKept ? (view.zoom * fitted) / fit(this.photo, this.pane()) : view.zoom;
    this.#view = settle({ ...view, zoom }, this.photo, this.pane());
    this.#render();
    this.dispatchEvent(new CustomEvent("viewchange", { bubbles: true, detail: this.state }));
  }

  pane() {
    return paneOf(this.stage, this.photo, this.#view.mode === "side");
  }

  /**
   * Returns the picture on one side.
   * @param {"a" | "b"} name
   */
  side(name) {
    return this.pictures.find(({ id }) => id === this.#view[name]) ?? this.pictures[0];
  }

  /**
   * Returns what the model in view made, by its kind.
   * @param {string} kind
   */
  made(kind) {
    const { model } = this;
    return this.pictures.find((picture) => picture.kind === kind && picture.model === model);
  }

  get isRtl() {
    return getComputedStyle(this).direction === "rtl";
  }

  // Where the visible part of the photo begins, how long it is, and where the divider cuts it, from
  // the side on which reading begins.
  divided() {
    const pane = this.pane();
    const { left, width } = place(this.#view, this.photo, pane);
    const start = this.isRtl ? pane.width - left - width : left;
    const from = Math.max(0, start);
    const span = Math.min(pane.width, start + width) - from;
    return { from, span, cut: from + (span * this.#view.at) / 100 };
  }

  // First all that is measured, then all that is changed: else the browser lays out the page twice.
  #render() {
    const view = this.#view;
    const pane = this.pane();
    const { left, top, width, height } = place(view, this.photo, pane);
    const lengths = { left, top, "frame-width": width, "frame-height": height, ...this.divided() };
    const scale = (width / this.photo.width) * devicePixelRatio;
    const { dataset } = this;
    dataset.shows = this.#isHeld ? otherSide(view.shows) : view.shows;
    dataset.split = pane.isRow ? "rows" : "columns";
    this.toggleAttribute("data-zoomed", view.zoom > 1);
    this.toggleAttribute("data-crisp", view.zoom > 1 && scale > 1);
    this.#style(lengths);
    form.show(this.form, view, this.side("a").label, this.side("b").label, scale);
    this.#showPictures(width * devicePixelRatio);
    if (view.mode === "threshold") showScores(this);
  }

  /** @param {Record<string, number>} lengths CSS pixels by the name of a custom property */
  #style(lengths) {
    const { gain, opacity, backdrop, level } = this.#view;
    const { style } = this.stage;
    for (const name in lengths) style.setProperty(`--${name}`, `${lengths[name]}px`);
    style.setProperty("--gain", String(gain));
    style.setProperty("--opacity", String(opacity / 100));
    style.setProperty("--backdrop", backdrop === "checker" ? "" : backdrop);
    for (const part of this.querySelectorAll(".cut [slope]")) {
      part.setAttribute("intercept", String(1 - 2 * level));
    }
  }

  /**
   * Gives the pictures their parts, and loads what they need.
   * @param {number} width the screen's pixels
   */
  async #showPictures(width) {
    const cut = this.#view.mode === "threshold" && this.made("mask");
    const parts = new Map([[this.side("a"), "a"]]);
    if (cut) parts.set(cut, "cut");
    else parts.set(this.side("b"), "b");
    for (const picture of this.pictures) picture.figure.dataset.part = parts.get(picture) ?? "";
    const isNewest = this.#beginPaint();
    this.stage.ariaBusy = "true";
    const shown = [...parts.keys()].map((picture) => picture.show(width, this.#view.zoom === 1));
    await Promise.allSettled(shown);
    if (isNewest()) this.stage.ariaBusy = "false";
  }
}

// Style sheets have painted the first view, or are about to: what follows can wait for that.
const define = () => customElements.define("photo-compare", PhotoCompare);
if (matchMedia("(scripting: enabled)").matches) requestAnimationFrame(() => setTimeout(define));
