// A review sheet: photos in the order in which someone wants them looked at, as a query
// ?sheet=<dataset>/<slug>,<dataset>/<slug> that goes along from page to page. Ids are the encoded
// part of a photo's address after the path of all photo pages, so they need no further encoding.
// Further fields are optional: view (how to look at them), method (whose results), and blind (two
// results of each without names: blind.js).

import { subjectsOf } from "./subjects.js";

const WAY = ["mode", "backdrop", "opacity", "gain", "level"];
const SHEET = /[?&]sheet=([^&]*)/;

/**
 * Returns the ids of the sheet in an address's query, each once; none without a sheet.
 * @param {string} query
 */
function idsIn(query) {
  const ids = SHEET.exec(query)?.[1].replaceAll("%2F", "/").replaceAll("%2C", ",").split(",");
  return [...new Set(ids ?? [])].filter(Boolean);
}

/**
 * Returns what an address's query says of a sheet.
 * @param {string} query
 * @returns {Sheet}
 */
export function sheetIn(query) {
  const fields = new URLSearchParams(query);
  return {
    ids: idsIn(query),
    view: (fields.get("view") ?? "").replace(/^#/, ""),
    method: fields.get("method") ?? "",
    blind: fields.get("blind") === "1",
  };
}

/** @param {Sheet} sheet */
export function queryOf({ ids, view, method, blind }) {
  const fields = Object.entries({ view, method, blind: blind ? "1" : "" });
  const rest = new URLSearchParams(fields.filter(([, value]) => value));
  return `?sheet=${ids.join(",")}${rest.size ? `&${rest}` : ""}`;
}

/**
 * Returns the fragment with which a sheet's photos are opened first.
 * @param {Sheet} sheet
 */
export function fragmentOf({ view, method }) {
  if (view) return `#${view}`;
  return method && `#${new URLSearchParams({ b: `cutout.${method}` })}`;
}

/**
 * Returns a view without what it is a view of: sources and results name methods.
 * @param {string} view
 */
export function nameless(view) {
  const fields = [...new URLSearchParams(view)];
  return String(new URLSearchParams(fields.filter(([field]) => WAY.includes(field))));
}

/**
 * Returns the id in the address of a photo's page.
 * @param {string} photoPages
 * @param {string} address
 */
export const idOf = (photoPages, address) =>
  new URL(address, location.href).pathname.slice(photoPages.length, -1);

/**
 * Returns the path of a photo's page.
 * @param {string} photoPages
 * @param {string} id
 */
export const pageOf = (photoPages, id) => `${photoPages}${id}/`;

/** @type {Map<string, Promise<ReviewIndex>>} */
const indexes = new Map();

/**
 * Fetches what the gallery holds, once.
 * @param {string} address
 */
export function fetchIndex(address) {
  const fetched = indexes.get(address) ?? fetchJson(address);
  indexes.set(address, fetched);
  fetched.catch(() => indexes.delete(address));
  return fetched;
}

/** @param {string} address */
async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response.json();
}

/**
 * Tells whether a photo has a verdict, of its results or of that of one method.
 * @param {IndexedPhoto} photo
 * @param {Set<string>} judged subjects
 * @param {string} [method]
 */
export const isReviewed = (photo, judged, method) =>
  subjectsOf(photo, method).some((subject) => judged.has(subject));

/** @param {number} count */
export function goneSentence(count) {
  if (!count) return "";
  return count === 1
    ? "One photo of this sheet is no longer in the gallery and was left out."
    : `${count} photos of this sheet are no longer in the gallery and were left out.`;
}
