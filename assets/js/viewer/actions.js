// What buttons and keys do, by name.

import { closeUp, exact } from "./geometry.js";
import { BACKDROPS, MODES } from "./link.js";

const CLOSER = 1.5; // at each press
const FLIGHT = 450; // milliseconds

// Moves from the view to another one, or jumps where the visitor asked for less motion.
function fly(host, to, text) {
  const from = host.view;
  const start = performance.now();
  const land = () => host.change(to, false, text);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return land();

  function next(now) {
    const t = 1 - (1 - Math.min(Math.max(0, now - start) / FLIGHT, 1)) ** 3;
    if (t === 1) return land();
    const between = (name) => from[name] + (to[name] - from[name]) * t;
    const zoom = from.zoom * (to.zoom / from.zoom) ** t;
    host.set({ ...host.view, zoom, x: between("x"), y: between("y") });
    host.flight = requestAnimationFrame(next);
  }

  host.flight = requestAnimationFrame(next);
}

// Copies a link, or shows it in a field to be copied by hand.
async function copy(host) {
  const field = host.querySelector(".link");
  try {
    await navigator.clipboard.writeText(host.link);
    host.say("Link copied.");
  } catch {
    field.hidden = false;
    field.value = host.link;
    field.select();
    host.say("Copy the link from the field.");
  }
}

export function actions(host) {
  const { form, photo } = host;
  let edge = -1;

  // From one uncertain part of the boundary to the next, the most uncertain first.
  function nextEdge() {
    const { edges } = host.pictures.find(({ model, edges }) => model === host.model && edges) ?? {};
    if (!edges) return host.say("This mask has no uncertain edge.");
    edge = (edge + 1) % edges.length;
    const text = `Edge ${edge + 1} of ${edges.length}, the most uncertain first.`;
    fly(host, closeUp(edges[edge], photo, host.pane()), text);
  }

  const zoomBy = (factor) => host.change({ zoom: host.view.zoom * factor });
  const backdrop = () => BACKDROPS[(BACKDROPS.indexOf(host.view.backdrop) + 1) % BACKDROPS.length];
  const named = {
    swap: () => host.change({ a: host.view.b, b: host.view.a }, true),
    flip: () => host.flip(),
    closer: () => zoomBy(CLOSER),
    farther: () => zoomBy(1 / CLOSER),
    fit: () => host.change({ zoom: 1 }),
    exact: () => host.change({ zoom: exact(photo, host.pane()) }),
    edge: nextEdge,
    backdrop: () => host.change({ backdrop: backdrop() }, true),
    screen: () => (document.fullscreenElement ? document.exitFullscreen() : host.requestFullscreen()),
    copy: () => copy(host),
    share: () => navigator.share({ title: document.title, url: host.link }).catch(() => {}),
    sheet: () => host.querySelector("dialog").showModal(),
  };
  const isMissing = {
    screen: !document.fullscreenEnabled,
    share: !navigator.share,
    edge: !host.pictures.some(({ edges }) => edges),
  };
  for (const name in isMissing) form.querySelector(`[value=${name}]`).hidden = isMissing[name];

  // Tells whether there was anything to do.
  return (name) => {
    if (isMissing[name]) return false;
    if (MODES.includes(name)) host.change({ mode: name }, true);
    else named[name]();
    return true;
  };
}
