// <photo-compare>: a photo, what methods made of it, and two of these at a time compared. Its figures
// are the sources; without scripts they are what there is to see.

import { find } from "../dom.js";
import { newestWins } from "../newest.js";
import { actions, listenToForm, listenToKeys } from "./actions.js";
import {
  atColumn,
  closeUp,
  columnAt,
  cropOf,
  fit,
  paneOf,
  place,
  settle,
  visible,
} from "./geometry.js";
import { follow, isView, read, startView, write, writeWay } from "./link.js";
import { Picture } from "./pictures.js";
import * as pointers from "./pointers.js";
import { showScores, showValues } from "./readings.js";
import { fly, paint, Showing, say, showForm } from "./stage.js";

/** @param {string} side */
const otherSide = (side) => (side === "a" ? "b" : "a");

export class PhotoCompare extends HTMLElement {
  #beginMove = newestWins();
  #beginScores = newestWins();
  #isHeld = false;
  /** @type {((fragment: string, isStep: boolean) => void) | undefined} */
  #note;
  /** @type {Place | undefined} */
  #place; // what was asked for: windows of another size show at least that
  #start;
  #view;
  #showing;

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
    this.#showing = new Showing(this);
  }

  connectedCallback() {
    if (this.stage.ariaBusy) return; // it was moved
    for (const { id, classList } of this.querySelectorAll("filter")) {
      this.stage.style.setProperty(`--${classList}-filter`, `url("#${id}")`);
    }
    if (this.isPage) this.#note = follow((fragment) => this.isConnected && this.open(fragment));
    this.#listen();
    this.open(this.isPage && isView(location.hash) ? location.hash : "");
  }

  #listen() {
    const act = actions(this);
    listenToForm(this.form, (changes, isStep) => this.change(changes, isStep), act);
    pointers.listen(this, (point) => showValues(this, point));
    if (this.data.bare === undefined) listenToKeys(this, act);
    this.#followSize();
  }

  #followSize() {
    const size = () => `${this.stage.clientWidth} ${this.stage.clientHeight}`;
    let known = size();
    new ResizeObserver(() => {
      if (size() === known) return;
      known = size();
      this.#set(this.#view, this.#place);
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

  // What is compared and how, as a fragment that fits other photos' pages too.
  get way() {
    return writeWay(this.#view);
  }

  // The picture of a method that is in view; in toggle that which is showing.
  get #made() {
    const { mode, shows } = this.#view;
    const first = mode === "toggle" ? this.#shown(shows) : "b";
    const sides = [this.side(first), this.side(otherSide(first))];
    return [...sides, ...this.pictures].find(({ method }) => method);
  }

  // The name of the method whose work is in view.
  get method() {
    return this.#made?.method;
  }

  // That method, and the first 12 digits of the sha256 of what it computes with.
  get result() {
    const made = this.#made;
    return made && { method: made.method, sha: made.result };
  }

  // What made the pictures in view, by its first 12 digits.
  #results() {
    const cut = this.#view.mode === "threshold" ? this.made("mask") : undefined;
    const results = [this.side("a"), this.side("b"), cut].map((picture) => picture?.result);
    return [...new Set(results.filter(Boolean))].join();
  }

  // The part of the photo in view, in its pixels; nothing where all of it is.
  get crop() {
    return cropOf(this.#view, this.photo, this.pane());
  }

  // Where the view is, whatever the window.
  #where() {
    const rect = visible(this.#view, this.photo, this.pane());
    return { rect, cut: columnAt(rect, this.#view.at, this.isRtl) };
  }

  #fragment() {
    const made = { result: this.#results(), build: this.data.build };
    return write(this.#view, this.#where(), made);
  }

  /**
   * Shows the view that is nearest to a link's fragment, and says so where it is not the same.
   * @param {string} fragment
   */
  open(fragment) {
    const { view, place, result, misses } = read(fragment, this.#start, this.sources);
    this.#set(view, place);
    if (result && result !== this.#results()) {
      misses.push("the result was made anew since the link was sent");
    }
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
    say(find(this, ".notice"), text);
  }

  /**
   * Shows the other of the two pictures while its key is down; tells whether that means anything.
   * @param {boolean} isDown
   */
  hold(isDown) {
    if (this.#view.mode !== "toggle" && isDown) return false;
    if (this.#isHeld === isDown) return true;
    this.#isHeld = isDown;
    this.#render();
    this.#tell();
    return true;
  }

  // Asks again for what could not be loaded.
  retry() {
    for (const picture of this.pictures) picture.retry();
    this.#render();
  }

  /**
   * Returns the side that is showing: not the one that is meant while the key is down.
   * @param {string} side
   */
  #shown(side) {
    return this.#isHeld ? otherSide(side) : side;
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("viewchange", { bubbles: true, detail: this.state }));
  }

  /**
   * @param {View} view
   * @param {Place} [wanted] where it has to be, if that is not said by the view
   */
  #set(view, wanted) {
    const before = this.#view;
    const isKept = view.mode !== before.mode && view.zoom === before.zoom && view.zoom > 1;
    const fitted = fit(this.photo, this.pane());
    if (view.mode !== before.mode) this.dataset.mode = view.mode;
    this.#view = view;
    // Whoever looks closely looks as closely in panes of another size.
    const pane = this.pane();
    const zoom = isKept ? (view.zoom * fitted) / fit(this.photo, pane) : view.zoom;
    const aimed = wanted && closeUp(wanted.rect, this.photo, pane);
    this.#view = settle({ ...view, zoom, ...aimed }, this.photo, pane);
    const { rect } = this.#where();
    if (wanted) this.#view.at = atColumn(rect, wanted.cut, this.isRtl);
    this.#place = wanted ?? this.#where();
    this.#render();
    this.#tell();
  }

  pane() {
    return paneOf(this.stage, this.photo, this.#view.mode === "side");
  }

  /**
   * Returns the picture on one side.
   * @param {string} name
   */
  side(name) {
    const source = name === "a" ? this.#view.a : this.#view.b;
    return this.pictures.find(({ id }) => id === source) ?? this.pictures[0];
  }

  /**
   * Returns what the method in view made, by its kind.
   * @param {string} kind
   */
  made(kind) {
    const { method } = this;
    return this.pictures.find((picture) => picture.kind === kind && picture.method === method);
  }

  get isRtl() {
    return getComputedStyle(this).direction === "rtl";
  }

  #render() {
    const view = this.#view;
    const width = paint(this, this.#shown(view.shows));
    const scale = width / this.photo.width;
    showForm(this.form, view, this.side("a").label, this.side("b").label, scale);
    this.#showing.show(width);
    if (view.mode === "threshold") showScores(this, this.#beginScores());
  }
}
