// What is read off the pictures: values under the pointer, and scores of the mask cut at a level.

import { place } from "./geometry.js";
import { load } from "./pictures.js";

const BETA2 = 0.3; // weighs precision above recall, as is usual for salient objects
const ROWS = 256; // rows that are counted at a time, to leave time for the visitor

const perCent = (fraction) => `${(fraction * 100).toFixed(1)}\u00a0%`;
const sum = (counts) => counts.reduce((total, n) => total + n, 0);
const counted = new Map();

// Shows place, colours and mask level under a point of the stage; nothing without a point.
export function tellValues(host, point) {
  host.querySelector(".values").textContent = point ? values(host, point) : "";
}

function values(host, point) {
  const { photo } = host;
  const pane = host.pane();
  const box = place(host.view, photo, pane);
  const x = ((point.x % pane.width) - box.left) / box.width;
  const y = ((point.y % pane.height) - box.top) / box.height;
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return "";
  const where = `${Math.floor(x * photo.width)}, ${Math.floor(y * photo.height)}`;
  const colours = [host.side("a"), host.side("b")].map((side) => colour(side, x, y));
  return [where, ...colours, level(host, x, y)].filter(Boolean).join(" · ");
}

function colour(picture, x, y) {
  const values = /photo|cutout|reference/.test(picture.kind) && picture.pixel(x, y);
  return values && `${picture.label} ${values.slice(0, 3).join(" ")}`;
}

// The mask's own file says it exactly, the cut-out's alpha before that is there.
function level(host, x, y) {
  const { mask } = host;
  const values = mask.file ? mask.pixel(x, y) : host.find("cutout")?.pixel(x, y)?.slice(3);
  return values && `mask ${values[0]}`;
}

function* strips(image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const pen = new OffscreenCanvas(width, ROWS).getContext("2d", { willReadFrequently: true });
  for (let top = 0; top < height; top += ROWS) {
    const rows = Math.min(ROWS, height - top);
    pen.drawImage(image, 0, top, width, rows, 0, 0, width, rows);
    yield pen.getImageData(0, 0, width, rows).data;
  }
}

// Resolves to the number of pixels at each level of a mask, and of those inside the ground truth.
async function count(mask, truth) {
  const [levels, wanted] = await Promise.all([load(mask), truth && load(truth)]);
  const all = new Uint32Array(256);
  const inside = new Uint32Array(256);
  const objects = truth && strips(wanted);
  for (const strip of strips(levels)) {
    const object = objects?.next().value;
    for (let i = 0; i < strip.length; i += 4) {
      all[strip[i]] += 1;
      if (object?.[i] > 127) inside[strip[i]] += 1;
    }
    await new Promise((resume) => setTimeout(resume));
  }
  return { all, inside };
}

// Shows the area that the mask covers from the level on, and how it agrees with the ground truth.
export async function tellScores(host) {
  const file = host.mask.full;
  const truth = host.pictures.find(({ kind }) => kind === "truth")?.image.src;
  if (!counted.has(file)) counted.set(file, count(file, truth));
  const { all, inside } = await counted.get(file);
  const [kept, hits] = [all, inside].map((counts) => sum(counts.subarray(host.view.level)));
  const wanted = sum(inside);
  const iou = hits / (kept + wanted - hits) || 0;
  const fbeta = ((1 + BETA2) * hits) / (BETA2 * wanted + kept) || 0;
  const agreement = truth ? `, IoU ${iou.toFixed(3)}, Fβ ${fbeta.toFixed(3)}` : "";
  host.querySelector(".scores").textContent = `covers ${perCent(kept / sum(all))}${agreement}`;
}
