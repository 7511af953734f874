// On the page of a photo that was reached through a sheet: where in the sheet it is, and what is next.

import { find } from "../dom.js";
import { fetchIndex, goneSentence, idOf, isReviewed, pageOf, queryOf, sheetIn } from "./sheet.js";
import { announce } from "./status-line.js";
import { judgedByMe } from "./store.js";

/**
 * Leads the page's links to the neighbours through the sheet, where there is one. Returns an object
 * whose show() brings the count of reviewed photos up to date.
 * @param {HTMLElement} section
 * @param {HTMLElement} statusLine
 * @param {() => void} onLinks called when the links have changed
 */
export function followSheet(section, statusLine, onLinks) {
  const data = /** @type {ReviewBarData} */ (section.dataset);
  const here = idOf(data.photoPages, data.page);
  const wanted = sheetIn(location.search);
  const named = wanted.ids;
  if (wanted.blind) {
    location.replace(`${data.sheet}blind/${queryOf(wanted)}&at=${named.indexOf(here) + 1}`);
  }
  const position = find(section, ".position", HTMLAnchorElement);
  const progress = find(section, ".sheet-progress", HTMLProgressElement);
  let ids = named;
  /** @type {IndexedPhoto[]} */
  let photos = [];

  function show() {
    if (position.hidden) return;
    const judged = judgedByMe();
    const count = photos.filter((photo) => isReviewed(photo, judged, wanted.method)).length;
    const at = ids.indexOf(here);
    position.textContent = `${at + 1} of ${ids.length}, ${count} reviewed`;
    position.href = data.sheet + queryOf({ ...wanted, ids });
    Object.assign(progress, { value: count, max: ids.length });
    const page = (/** @type {string | undefined} */ id) =>
      id && pageOf(data.photoPages, id) + queryOf({ ...wanted, ids });
    const next = find(section, ".next", HTMLAnchorElement);
    next.href = page(ids[at + 1]) ?? position.href;
    next.childNodes[0].nodeValue = ids[at + 1] ? "Next " : "Finish ";
    linkNeighbours(page(ids[at - 1]), page(ids[at + 1]));
    onLinks();
  }

  async function leaveOutWhatIsGone() {
    const known = (await fetchIndex(data.index)).photos;
    const page = (/** @type {string} */ id) => pageOf(data.photoPages, id);
    ids = named.filter((id) => id === here || page(id) in known);
    photos = ids.map((id) => known[page(id)]);
    show();
    // what is said of a verdict given meanwhile counts more
    if (!statusLine.textContent) announce(statusLine, goneSentence(named.length - ids.length));
  }

  if (named.includes(here)) {
    position.hidden = progress.hidden = false;
    section.classList.add("in-sheet");
    show();
    leaveOutWhatIsGone().catch(() => {}); // without the index, every photo is taken to be there
  }
  return { show };
}

/** @type {(before?: string, after?: string) => void} */
function linkNeighbours(before, after) {
  const links = [
    before && neighbour("prev", before, "Previous of the sheet"),
    after && neighbour("next", after, "Next of the sheet"),
  ];
  find(document, ".neighbours").replaceChildren(...links.filter((link) => link !== undefined));
}

/**
 * Returns a link to a neighbour, as the gallery has them.
 * @param {string} rel
 * @param {string} href
 * @param {string} text
 */
function neighbour(rel, href, text) {
  const link = document.createElement("a");
  const name = document.createElement("span");
  Object.assign(link, { rel, href });
  Object.assign(name, { className: "visually-hidden", textContent: text });
  link.append(name);
  return link;
}
