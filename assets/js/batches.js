// Work on many items that does not hold up the page: the first at once, the others between frames.

const SIZE = 120;
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/**
 * Calls `work` for each item, for as long as `isWanted` says so.
 * @template T
 * @param {T[]} items
 * @param {(item: T) => void} work
 * @param {() => boolean} isWanted
 */
export async function inBatches(items, work, isWanted = () => true) {
  for (let at = 0; at < items.length; at += SIZE) {
    if (at) await nextFrame();
    if (!isWanted()) return;
    items.slice(at, at + SIZE).forEach(work);
  }
}
