// One line for everybody: read out by assistive technology, shown until it is old.

const SECONDS = 6;
const timers = new WeakMap();

export function say(region, text) {
  clearTimeout(timers.get(region));
  region.textContent = text;
  if (text) timers.set(region, setTimeout(() => (region.textContent = ""), SECONDS * 1000));
}

// Copies text, or shows it to be copied by hand where the browser refuses.
export async function copy(text, region, done) {
  try {
    await navigator.clipboard.writeText(text);
    say(region, done);
  } catch {
    prompt("Copy this text:", text);
  }
}
