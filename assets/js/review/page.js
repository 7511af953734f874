// Another page of the site, fetched to show a part of it in this one.

/**
 * @param {string} address
 */
export async function fetchPage(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
