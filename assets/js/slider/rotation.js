// Moves a slider on by itself. The library's own timer leaks and takes window.onblur for itself.

/** Returns `start`, `stop` and `running`; `onChange` hears of each start and each stop. */
export function createRotation({ interval, advance, isSuspended, onChange }) {
  let timer = 0;
  const running = () => timer !== 0;
  const turn = (on) => {
    if (on === running()) return;
    if (!on) clearInterval(timer);
    timer = on ? setInterval(() => isSuspended() || advance(), interval) : 0;
    onChange(on);
  };
  return { running, start: () => turn(interval > 0), stop: () => turn(false) };
}
