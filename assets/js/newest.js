// Of runs that may overlap, the newest one wins.

/**
 * Returns a function that begins a run. It returns a function that tells whether that run is still
 * the newest one.
 */
export function newestWins() {
  let newest = 0;
  return () => {
    newest += 1;
    const run = newest;
    return () => run === newest;
  };
}
