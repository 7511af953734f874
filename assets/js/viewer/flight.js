// The way from one view to another.

const DURATION = 450; // milliseconds

/**
 * Shows what lies between two views, then lands, for as long as the flight is wanted. Lands at once
 * where the visitor asked for less motion.
 * @param {View} from
 * @param {Point & { zoom: number }} to
 * @param {(between: Point & { zoom: number }) => void} show
 * @param {() => void} land
 * @param {() => boolean} isWanted
 */
export function fly(from, to, show, land, isWanted) {
  const start = performance.now();

  /** @param {number} now */
  function next(now) {
    if (!isWanted()) return;
    const t = 1 - (1 - Math.min(Math.max(0, now - start) / DURATION, 1)) ** 3;
    if (t === 1) return land();
    const x = from.x + (to.x - from.x) * t;
    const y = from.y + (to.y - from.y) * t;
    show({ zoom: from.zoom * (to.zoom / from.zoom) ** t, x, y });
    requestAnimationFrame(next);
  }

  if (matchMedia("(prefers-reduced-motion: reduce)").matches) land();
  else requestAnimationFrame(next);
}
