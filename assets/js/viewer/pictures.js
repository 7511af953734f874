// The figures of a viewer as its sources: which file of each is shown, and what it says at a point.

const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

// Resolves to an image that can be drawn.
export async function load(src) {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
}

export class Picture {
  constructor(figure) {
    const { source, full, edges } = figure.dataset;
    this.figure = figure;
    this.image = figure.querySelector("img");
    this.label = figure.querySelector("figcaption").textContent.trim();
    this.id = source;
    [this.kind] = source.split(".");
    this.model = source.slice(this.kind.length + 1);
    this.edges = edges && JSON.parse(edges);
    this.full = full;
    this.srcset = this.image.srcset;
  }

  // Shows the picture `width` of the screen's pixels wide; resolves when its file is there.
  async show(width, isFitted) {
    const file = this.fileFor(width, isFitted);
    this.image.loading = "eager";
    if (file !== this.file) {
      this.file = file;
      if (file) await load(file);
      if (file !== this.file) return;
      this.image.srcset = file ? "" : this.srcset;
      if (file) this.image.src = file;
    }
    await this.image.decode();
  }

  // None is the browser's own choice, which fits the pane. The web sizes of a mask are those of the
  // cut-out, painted white: only good enough until the mask is looked at.
  fileFor(width, isFitted) {
    if (this.kind === "mask" || !this.full) return this.full;
    if (isFitted) return undefined;
    const files = this.srcset.split(", ").map((file) => file.split(" "));
    return files.find(([, size]) => parseInt(size) >= width)?.[0] ?? this.full;
  }

  // Returns red, green, blue and alpha at a point, in fractions of the size.
  pixel(x, y) {
    const { image } = this;
    if (!image.complete || !image.naturalWidth) return undefined;
    const corner = [Math.floor(x * image.naturalWidth), Math.floor(y * image.naturalHeight)];
    pen.clearRect(0, 0, 1, 1);
    pen.drawImage(image, ...corner, 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  }
}
