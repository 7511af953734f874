// Elements that includes write for scripts.

/**
 * Returns the first match; the include is wrong where there is none.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type] where more is needed of it than of any HTMLElement
 * @returns {T}
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!element || (type && !(element instanceof type))) throw new Error(`No ${selector} here.`);
  return /** @type {T} */ (element);
}
