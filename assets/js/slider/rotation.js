// Moves a slider on by itself. The library's own timer leaks and takes window.onblur for itself.

/**
 * Returns `start`, `stop` and `running`; `onChange` hears of each start and each stop.
 * @param {object} options
 * @param {number} options.interval milliseconds
 * @param {() => void} options.advance
 * @param {() => boolean} options.isSuspended
 * @param {(running: boolean) => void} options.onChange
 * @returns {Rotation}
 */
export function createRotation({ interval, advance, isSuspended, onChange }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const running = () => timer !== undefined;
  const tick = () => {
    if (!isSuspended()) advance();
  };
  const turn = (/** @type {boolean} */ on) => {
    if (on === running()) return;
    if (!on) clearInterval(timer);
    timer = on ? setInterval(tick, interval) : undefined;
    onChange(on);
  };
  return { running, start: () => turn(interval > 0), stop: () => turn(false) };
}
