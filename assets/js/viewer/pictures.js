// The figures of a viewer as its sources: which file of each is shown, and what it holds at a point.

import { find } from "../dom.js";

const FAILED = ""; // in the place of a file: equal to none, so that the next one is loaded

const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });

/**
 * Resolves to an image that can be drawn.
 * @param {string} src
 */
export async function load(src) {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
}

/**
 * Resolves when the image is there, whichever file the browser chose on the way.
 * @param {HTMLImageElement} image
 * @returns {Promise<void>}
 */
async function arrival(image) {
  await image.decode().catch(() => {}); // it is refused too where another file was chosen
  if (!image.complete) return arrival(image);
  if (!image.naturalWidth) throw new Error(`${image.currentSrc} is no picture.`);
}

export class Picture {
  /**
   * The file that is shown or about to be; none where the browser chooses.
   * @type {string | undefined}
   */
  file;
  /** @type {unknown} */
  #failure;
  #loading = Promise.resolve();

  /** @param {HTMLElement} figure */
  constructor(figure) {
    const { source, full, bytes, edges, result } = /** @type {PictureData} */ (figure.dataset);
    this.figure = figure;
    this.image = find(figure, "img", HTMLImageElement);
    this.label = find(figure, "figcaption").textContent.trim();
    this.id = source;
    const [kind, ...method] = source.split(".");
    this.kind = kind;
    this.method = method.join(".");
    this.result = result;
    /** @type {Patch[] | undefined} */
    this.edges = edges && JSON.parse(edges);
    this.full = full;
    this.fullBytes = Number(bytes);
    this.srcset = this.image.srcset;
    this.src = this.image.src;
  }

  // The bytes that are on their way, where they are known.
  get bytes() {
    return this.full && this.file === this.full ? this.fullBytes : 0;
  }

  /** @param {string} part */
  setPart(part) {
    const { dataset } = this.figure;
    if (part && !dataset.part) this.retry();
    dataset.part = part;
  }

  // Lets a file be asked for again that could not be loaded: else each movement would ask.
  retry() {
    this.#failure = undefined;
  }

  /**
   * Shows the picture; resolves when its file is there.
   * @param {number} width the screen's pixels
   * @param {boolean} isFitted
   */
  async show(width, isFitted) {
    if (this.#failure) throw this.#failure;
    const file = this.#fileFor(width, isFitted);
    this.image.loading = "eager";
    if (file !== this.file) {
      this.file = file;
      this.#loading = this.#load(file);
    }
    try {
      await this.#loading;
      if (file === this.file) await arrival(this.image);
    } catch (error) {
      if (file !== this.file) return;
      this.file = FAILED;
      this.#failure = error;
      throw error;
    }
  }

  /** @param {string} [file] */
  async #load(file) {
    if (file) await load(file);
    if (file !== this.file) return;
    this.image.srcset = file ? "" : this.srcset;
    this.image.src = file ?? this.src;
  }

  /**
   * None is the browser's own choice, which fits the pane. The web sizes of a mask are those of the
   * cut-out, painted white: only good enough until the mask is looked at.
   * @param {number} width
   * @param {boolean} isFitted
   */
  #fileFor(width, isFitted) {
    if (this.kind === "mask" || !this.full) return this.full;
    if (isFitted) return undefined;
    const files = this.srcset.split(", ").map((file) => file.split(" "));
    return files.find(([, size]) => Number.parseInt(size, 10) >= width)?.[0] ?? this.full;
  }

  /**
   * Returns red, green, blue and alpha at a point, in fractions of the size; nothing until they are
   * known.
   * @param {number} x
   * @param {number} y
   */
  pixel(x, y) {
    const { complete, naturalWidth: width, naturalHeight: height } = this.image;
    if (!pen || !complete || !width) return undefined;
    pen.clearRect(0, 0, 1, 1);
    pen.drawImage(this.image, Math.floor(x * width), Math.floor(y * height), 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  }
}
