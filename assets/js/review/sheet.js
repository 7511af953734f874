// A review sheet: photos in the order in which someone wants them looked at, as a query
// ?sheet=<dataset>/<slug>,<dataset>/<slug> that goes along from page to page. Ids are the encoded
// part of a photo's address after the path of all photo pages, so they need no further encoding.

const SHEET = /[?&]sheet=([^&]*)/;

/**
 * Returns the ids of the sheet in an address's query, each once; none without a sheet.
 * @param {string} query
 */
export function idsIn(query) {
  const ids = SHEET.exec(query)?.[1].replaceAll("%2F", "/").replaceAll("%2C", ",").split(",");
  return [...new Set(ids ?? [])].filter(Boolean);
}

/** @param {string[]} ids */
export const query = (ids) => `?sheet=${ids.join(",")}`;

/**
 * Returns the id in the address of a photo's page.
 * @param {string} photoPages
 * @param {string} address
 */
export const idOf = (photoPages, address) => new URL(address).pathname.slice(photoPages.length, -1);

/**
 * Returns the path of a photo's page.
 * @param {string} photoPages
 * @param {string} id
 */
export const pageOf = (photoPages, id) => `${photoPages}${id}/`;

/**
 * Fetches what the gallery holds.
 * @param {string} address
 * @returns {Promise<ReviewIndex>}
 */
export async function fetchIndex(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response.json();
}

/**
 * Returns how many photos have a verdict on at least one of their results.
 * @param {IndexedPhoto[]} photos
 * @param {Verdicts} verdicts
 */
export function reviewed(photos, verdicts) {
  const judged = new Set([...verdicts.values()].map((verdict) => verdict.photo));
  return photos.filter(({ photo }) => judged.has(photo)).length;
}

/** @param {number} count */
export function goneSentence(count) {
  if (!count) return "";
  return count === 1
    ? "One photo of this sheet is no longer in the gallery and was left out."
    : `${count} photos of this sheet are no longer in the gallery and were left out.`;
}
