// <photo-compare>: a photo, what models made of it, and two of these at a time compared. Its figures
// are the sources; without scripts they are what there is to see.

import { actions } from "./actions.js";
import * as form from "./form.js";
import { fit, paneOf, place, settle } from "./geometry.js";
import * as keys from "./keys.js";
import { follow, isView, read, startView, write } from "./link.js";
import { Picture } from "./pictures.js";
import * as pointers from "./pointers.js";
import { tellScores, tellValues } from "./readings.js";

const whole = ({ width, height }) => ({ width: Number(width), height: Number(height) });

class PhotoCompare extends HTMLElement {
  connectedCallback() {
    if (this.view) return;
    this.form = this.querySelector("form");
    this.stage = this.querySelector(".stage");
    this.photo = whole(this.dataset);
    this.pictures = [...this.querySelectorAll("figure")].map((figure) => new Picture(figure));
    this.sources = this.pictures.map(({ id }) => id);
    for (const { id, classList } of this.querySelectorAll("filter")) {
      this.stage.style.setProperty(`--${classList}-filter`, `url("#${id}")`);
    }
    this.isPage = "own" in this.dataset; // the page's address then holds the view
    this.view = this.start = startView(this.sources, this.dataset);
    this.note = this.isPage && follow((fragment) => this.open(fragment));
    this.listen();
    this.open(this.isPage && isView(location.hash) ? location.hash : "");
  }

  listen() {
    const act = actions(this);
    form.listen(this.form, (changes, isStep) => this.change(changes, isStep), act);
    pointers.listen(this, (point) => tellValues(this, point));
    if (!("bare" in this.dataset)) keys.listen(this, act);
    this.followSize();
  }

  followSize() {
    const size = () => `${this.stage.clientWidth} ${this.stage.clientHeight}`;
    let known = size();
    new ResizeObserver(() => {
      if (size() === known) return;
      known = size();
      this.set(this.view);
    }).observe(this.stage);
  }

  // The view that is shown, and the build that it is of.
  get state() {
    return { ...this.view, build: this.dataset.build };
  }

  // The address that opens this view, on the photo's own page.
  get link() {
    return new URL(this.dataset.page + write(this.view, this.dataset.build), location).href;
  }

  // The name of the model whose work is in view.
  get model() {
    return [this.side("b"), this.side("a"), ...this.pictures].find(({ model }) => model).model;
  }

  // The part of the photo in view, in its pixels; nothing where all of it is.
  get crop() {
    const pane = this.pane();
    const { left, top, width } = place(this.view, this.photo, pane);
    const inPhoto = (length) => Math.round((length * this.photo.width) / width);
    const [x, y] = [-left, -top].map((length) => inPhoto(Math.max(0, length)));
    const [right, bottom] = [this.photo.width - x, this.photo.height - y];
    const part = [Math.min(right, inPhoto(pane.width)), Math.min(bottom, inPhoto(pane.height))];
    return this.view.zoom === 1 ? undefined : { x, y, width: part[0], height: part[1] };
  }

  // Shows the view that is nearest to a link's fragment, and says so where it is not the same.
  open(fragment) {
    const { view, vain } = read(fragment, this.start, this.sources, this.dataset.build);
    this.set(view);
    this.say(vain.length ? `Nearest view: ${vain.join("; ")}.` : "");
  }

  // Changes the view. A step is something to come back to with the browser's Back; text is what there
  // is to be said.
  change(changes, isStep = false, text = "") {
    const { a, b } = this.view;
    cancelAnimationFrame(this.flight);
    const view = { ...this.view, ...changes };
    // A source that is chosen for one side while it is on the other changes places.
    if (view.a === view.b) Object.assign(view, "a" in changes ? { b: a } : { a: b });
    this.set(view);
    this.say(text);
    if (this.note) this.note(write(this.view, this.dataset.build), isStep);
  }

  // Moves the photo by CSS pixels.
  move(x, y) {
    const { width, height } = place(this.view, this.photo, this.pane());
    this.change({ x: this.view.x - x / width, y: this.view.y - y / height });
  }

  flip() {
    this.change({ shows: this.view.shows === "a" ? "b" : "a" });
  }

  say(text) {
    const notice = this.querySelector(".notice");
    if (notice.textContent !== text) notice.textContent = text;
  }

  // While its key is down, the other of the two pictures is shown.
  hold(isDown) {
    if (this.view.mode !== "toggle" && isDown) return false;
    this.isHeld = isDown;
    return !this.render();
  }

  set(view) {
    const before = fit(this.photo, this.pane());
    const isKept = view.mode !== this.view.mode && view.zoom === this.view.zoom && view.zoom > 1;
    if (view.mode !== this.view.mode) this.dataset.mode = view.mode;
    this.view = view;
    // Whoever looks closely looks as closely in panes of another size.
    const zoom = isKept ? (view.zoom * before) / fit(this.photo, this.pane()) : view.zoom;
    this.view = settle({ ...view, zoom }, this.photo, this.pane());
    this.render();
    this.dispatchEvent(new CustomEvent("viewchange", { bubbles: true, detail: this.state }));
  }

  pane() {
    return paneOf(this.stage, this.photo, this.view.mode === "side");
  }

  side(name) {
    return this.pictures.find(({ id }) => id === this.view[name]);
  }

  // What the model in view made, by its kind.
  find(kind) {
    return this.pictures.find((picture) => picture.kind === kind && picture.model === this.model);
  }

  get mask() {
    return this.find("mask");
  }

  get isRtl() {
    return getComputedStyle(this).direction === "rtl";
  }

  // Where the visible part of the photo begins, how long it is, and where the divider cuts it, from
  // the side on which reading begins.
  divided() {
    const pane = this.pane();
    const { left, width } = place(this.view, this.photo, pane);
    const start = this.isRtl ? pane.width - left - width : left;
    const from = Math.max(0, start);
    const span = Math.min(pane.width, start + width) - from;
    return { from, span, cut: from + (span * this.view.at) / 100 };
  }

  // First all that is measured, then all that is changed: else the browser lays out the page twice.
  render() {
    const { view, dataset } = this;
    const pane = this.pane();
    const { left, top, width, height } = place(view, this.photo, pane);
    const lengths = { left, top, "frame-width": width, "frame-height": height, ...this.divided() };
    const scale = (width / this.photo.width) * devicePixelRatio;
    dataset.shows = this.isHeld ? { a: "b", b: "a" }[view.shows] : view.shows;
    dataset.split = pane.isRow ? "rows" : "columns";
    this.toggleAttribute("data-zoomed", view.zoom > 1);
    this.toggleAttribute("data-crisp", view.zoom > 1 && scale > 1);
    this.paint(lengths);
    form.show(this.form, view, this.side("a"), this.side("b"), scale);
    this.cast(width * devicePixelRatio);
    if (view.mode === "threshold") tellScores(this);
  }

  paint(lengths) {
    const { gain, opacity, backdrop, level } = this.view;
    const { style } = this.stage;
    for (const name in lengths) style.setProperty(`--${name}`, `${lengths[name]}px`);
    style.setProperty("--gain", gain);
    style.setProperty("--opacity", opacity / 100);
    style.setProperty("--backdrop", backdrop === "checker" ? "" : backdrop);
    for (const part of this.querySelectorAll(".cut [slope]")) part.setAttribute("intercept", 1 - 2 * level);
  }

  // Gives the pictures their parts, and loads what they need at this width on the screen.
  async cast(width) {
    const isCut = this.view.mode === "threshold";
    const parts = new Map([[this.side("a"), "a"]]).set(
      isCut ? this.mask : this.side("b"),
      isCut ? "cut" : "b",
    );
    for (const picture of this.pictures) picture.figure.dataset.part = parts.get(picture) ?? "";
    const latest = (this.latest = {});
    this.stage.ariaBusy = "true";
    const shown = [...parts.keys()].map((picture) => picture.show(width, this.view.zoom === 1));
    await Promise.allSettled(shown);
    if (latest === this.latest) this.stage.ariaBusy = "false";
  }
}

// Style sheets have painted the first view, or are about to: what follows can wait for that.
const define = () => customElements.define("photo-compare", PhotoCompare);
if (matchMedia("(scripting: enabled)").matches) requestAnimationFrame(() => setTimeout(define));
