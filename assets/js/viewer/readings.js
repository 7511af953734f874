// What is read off the pictures: values under the pointer, and scores of the mask cut at a level.

/** @import { Picture } from "./pictures.js" */
/** @import { PhotoCompare } from "./element.js" */

import { find } from "../dom.js";
import { place } from "./geometry.js";
import { load } from "./pictures.js";

const BETA2 = 0.3; // weighs precision above recall, as is usual for salient objects
const ROWS = 256; // rows that are counted at a time, to leave time for the visitor
const COLOURED = ["photo", "cutout", "reference"]; // the other kinds hold levels

/** @typedef {{ all: Uint32Array, inside: Uint32Array }} Counts */

/** @param {number} fraction */
const perCent = (fraction) => `${(fraction * 100).toFixed(1)}\u00a0%`;

/**
 * Returns a part of a whole. Where there is nothing to find and nothing was found, all is right.
 * @param {number} part
 * @param {number} whole
 */
const ratio = (part, whole) => (whole ? part / whole : 1);

/** @param {Uint32Array} counts */
const sum = (counts) => counts.reduce((total, n) => total + n, 0);

/** @type {Map<string, Promise<Counts>>} */
const countsByMask = new Map();

/**
 * Shows place, colours and mask level under a point of the stage; nothing without a point.
 * @param {PhotoCompare} viewer
 * @param {Point} [point]
 */
export function showValues(viewer, point) {
  find(viewer, ".values").textContent = point ? values(viewer, point) : "";
}

/**
 * @param {PhotoCompare} viewer
 * @param {Point} point
 */
function values(viewer, point) {
  const { photo } = viewer;
  const pane = viewer.pane();
  const frame = place(viewer.view, photo, pane);
  const x = ((point.x % pane.width) - frame.left) / frame.width;
  const y = ((point.y % pane.height) - frame.top) / frame.height;
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return "";
  const where = `${Math.floor(x * photo.width)}, ${Math.floor(y * photo.height)}`;
  const colours = [viewer.side("a"), viewer.side("b")].map((picture) => colour(picture, x, y));
  return [where, ...colours, level(viewer, x, y)].filter(Boolean).join(" · ");
}

/**
 * @param {Picture} picture
 * @param {number} x
 * @param {number} y
 */
function colour(picture, x, y) {
  const channels = COLOURED.includes(picture.kind) && picture.pixel(x, y);
  return channels && `${picture.label} ${channels.slice(0, 3).join(" ")}`;
}

/**
 * The mask's own file says it exactly, the cut-out's alpha before that is there.
 * @param {PhotoCompare} viewer
 * @param {number} x
 * @param {number} y
 */
function level(viewer, x, y) {
  const mask = viewer.made("mask");
  const channels = mask?.file ? mask.pixel(x, y) : viewer.made("cutout")?.pixel(x, y)?.slice(3);
  return channels && `mask ${channels[0]}`;
}

/**
 * Yields the pixels of an image, some rows at a time.
 * @param {HTMLImageElement} image
 */
function* strips(image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const pen = new OffscreenCanvas(width, ROWS).getContext("2d", { willReadFrequently: true });
  for (let top = 0; pen && top < height; top += ROWS) {
    const rows = Math.min(ROWS, height - top);
    pen.drawImage(image, 0, top, width, rows, 0, 0, width, rows);
    yield pen.getImageData(0, 0, width, rows).data;
  }
}

/**
 * Resolves to the number of pixels at each level of a mask, and of those inside the ground truth.
 * @param {string} mask
 * @param {string} [truth]
 * @returns {Promise<Counts>}
 */
async function count(mask, truth) {
  const [levels, objects] = await Promise.all([load(mask), truth ? load(truth) : undefined]);
  const all = new Uint32Array(256);
  const inside = new Uint32Array(256);
  const objectStrips = objects && strips(objects);
  for (const strip of strips(levels)) {
    const object = objectStrips?.next().value;
    for (let i = 0; i < strip.length; i += 4) {
      all[strip[i]] += 1;
      if (object && object[i] > 127) inside[strip[i]] += 1;
    }
    await new Promise((resume) => setTimeout(resume));
  }
  return { all, inside };
}

/**
 * Counts each mask once; one that did not arrive is asked for again the next time.
 * @param {string} mask
 * @param {string} [truth]
 */
function countOnce(mask, truth) {
  const counting = countsByMask.get(mask) ?? count(mask, truth);
  countsByMask.set(mask, counting);
  counting.catch(() => countsByMask.delete(mask));
  return counting;
}

/**
 * @param {Counts} counts
 * @param {number} level
 * @param {boolean} hasTruth
 */
function scores({ all, inside }, level, hasTruth) {
  const [kept, hits] = [all, inside].map((counts) => sum(counts.subarray(level)));
  const wanted = sum(inside);
  const iou = ratio(hits, kept + wanted - hits);
  const fbeta = ratio((1 + BETA2) * hits, BETA2 * wanted + kept);
  const agreement = hasTruth ? `, IoU ${iou.toFixed(3)}, Fβ ${fbeta.toFixed(3)}` : "";
  return `covers ${perCent(kept / sum(all))}${agreement}`;
}

/**
 * Shows the area that the mask covers from the level on, and how it agrees with the ground truth;
 * nothing while that is not known of this mask.
 * @param {PhotoCompare} viewer
 * @param {() => boolean} isNewest
 */
export async function showScores(viewer, isNewest) {
  const output = find(viewer, ".scores");
  const mask = viewer.made("mask")?.full;
  if (output.dataset.mask !== mask) output.textContent = "";
  if (!mask) return;
  const truth = viewer.pictures.find(({ kind }) => kind === "truth")?.image.src;
  const counts = await countOnce(mask, truth).catch(() => undefined);
  if (!isNewest()) return;
  output.dataset.mask = counts && mask;
  output.textContent = counts ? scores(counts, viewer.view.level, Boolean(truth)) : "";
}
