// What buttons and keys do, by name.

/** @import { PhotoCompare } from "./element.js" */

import { find } from "../dom.js";
import { closeUp, oneToOne } from "./geometry.js";
import { BACKDROPS, MODES } from "./link.js";

const ZOOM_STEP = 1.5;
const EDGE_SHARE = 0.8; // of the pane

/**
 * Copies a link, or shows it in a field to be copied by hand.
 * @param {PhotoCompare} viewer
 */
async function copy(viewer) {
  try {
    await navigator.clipboard.writeText(viewer.link);
    viewer.announce("Link copied.");
  } catch {
    const field = find(viewer, ".link", HTMLInputElement);
    field.hidden = false;
    field.value = viewer.link;
    field.select();
    viewer.announce("Copy the link from the field.");
  }
}

/** @param {PhotoCompare} viewer */
function share({ link }) {
  navigator.share({ title: document.title, url: link }).catch(() => {}); // the visitor thought better
}

/**
 * Returns what flies from one uncertain part of the boundary to the next, the most uncertain first.
 * @param {PhotoCompare} viewer
 */
function edgeTour(viewer) {
  let at = -1;
  return () => {
    const { edges } =
      viewer.pictures.find((each) => each.edges && each.method === viewer.method) ?? {};
    if (!edges) return viewer.announce("This mask has no uncertain edge.");
    at = (at + 1) % edges.length;
    const text = `Edge ${at + 1} of ${edges.length}, the most uncertain first.`;
    viewer.fly(closeUp(edges[at], viewer.photo, viewer.pane(), EDGE_SHARE), text);
  };
}

/** @param {PhotoCompare} viewer */
function toggleFullscreen(viewer) {
  if (document.fullscreenElement) document.exitFullscreen();
  else viewer.requestFullscreen();
}

/**
 * Returns the function that does what a name says, and tells whether there was anything to do.
 * @param {PhotoCompare} viewer
 */
export function actions(viewer) {
  const { form, photo } = viewer;
  const zoomBy = (/** @type {number} */ factor) =>
    viewer.change({ zoom: viewer.view.zoom * factor });
  const nextBackdrop = () =>
    BACKDROPS[(BACKDROPS.indexOf(viewer.view.backdrop) + 1) % BACKDROPS.length];

  /** @type {Record<string, () => void>} */
  const named = {
    swap: () => viewer.change({ a: viewer.view.b, b: viewer.view.a }, true),
    flip: () => viewer.flip(),
    zoom_in: () => zoomBy(ZOOM_STEP),
    zoom_out: () => zoomBy(1 / ZOOM_STEP),
    fit: () => viewer.change({ zoom: 1 }),
    one_to_one: () => viewer.change({ zoom: oneToOne(photo, viewer.pane()) }),
    edge: edgeTour(viewer),
    backdrop: () => viewer.change({ backdrop: nextBackdrop() }, true),
    fullscreen: () => toggleFullscreen(viewer),
    retry: () => viewer.retry(),
    copy: () => copy(viewer),
    share: () => share(viewer),
    shortcuts: () => find(viewer, "dialog", HTMLDialogElement).showModal(),
  };
  /** @type {Record<string, boolean>} */
  const isMissing = {
    fullscreen: !document.fullscreenEnabled,
    share: !navigator.share,
    edge: !viewer.pictures.some(({ edges }) => edges),
  };
  for (const name in isMissing) find(form, `[value=${name}]`).hidden = isMissing[name];

  return (/** @type {string} */ name) => {
    if (isMissing[name]) return false;
    if (MODES.includes(name)) viewer.change({ mode: name }, true);
    else named[name]();
    return true;
  };
}
