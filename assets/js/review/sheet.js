// A review sheet: photos in the order in which someone wants them looked at, as a query
// ?sheet=<dataset>/<slug>,<dataset>/<slug> that goes along from page to page. Ids are the encoded
// part of a photo's address after /compare/, so they need no further encoding.

const SHEET = /[?&]sheet=([^&]*)/;

// Returns the ids of the sheet in an address's query, each once; none without a sheet.
export function idsIn(query) {
  const ids = SHEET.exec(query)?.[1].replaceAll("%2F", "/").replaceAll("%2C", ",").split(",");
  return [...new Set(ids ?? [])].filter(Boolean);
}

export const query = (ids) => `?sheet=${ids.join(",")}`;

// Returns the id in the address of a photo's page.
export const idOf = (address) => /\/compare\/(.+)\/$/.exec(new URL(address).pathname)[1];

// Fetches what the gallery holds: {build, models: {name: checkpoint}, photos: {id: {…}}}.
export async function fetchIndex(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response.json();
}

// Returns how many photos have a verdict on at least one of their results.
export function reviewed(photos, verdicts) {
  const judged = new Set([...verdicts.values()].map((verdict) => verdict.photo));
  return photos.filter(({ photo }) => judged.has(photo)).length;
}

export function goneSentence(count) {
  if (!count) return "";
  return count === 1
    ? "One photo of this sheet is no longer in the gallery and was left out."
    : `${count} photos of this sheet are no longer in the gallery and were left out.`;
}
