// Another page of the site, fetched to show a part of it in this one.

/**
 * Returns a page's document. The policy of this page forbids the styles that the other one has within
 * its elements, but not that scripts set the same.
 * @param {string} address
 */
export async function fetchPage(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  const text = (await response.text()).replaceAll(' style="', ' data-style="');
  const page = new DOMParser().parseFromString(text, "text/html");
  /** @type {NodeListOf<HTMLElement>} */
  const styled = page.querySelectorAll("[data-style]");
  for (const { style, dataset } of styled) style.cssText = dataset.style ?? "";
  return page;
}
