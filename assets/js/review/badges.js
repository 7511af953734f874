// What was said of each photo, on the items of a grid.

const NAMES = { good: "Good", bad: "Bad", unsure: "Unsure" };

// Groups verdicts by photo.
export function byPhoto(verdicts) {
  const groups = new Map();
  for (const verdict of verdicts.values()) {
    groups.set(verdict.photo, [...(groups.get(verdict.photo) ?? []), verdict]);
  }
  return groups;
}

// Shows the verdicts on one photo, of `results` that await one; touches nothing that is right.
export function badge(item, given, results) {
  const words = given.map(({ verdict }) => verdict);
  const open = given.length < results ? ["open"] : [];
  const state = [...words, ...open].join(" ");
  if ((item.dataset.verdicts ?? "open") === state) return;
  item.dataset.verdicts = state;
  item.querySelector(".badges")?.remove();
  if (words.length) item.querySelector("a").prepend(badges(given));
}

function badges(given) {
  const box = document.createElement("span");
  box.className = "badges";
  for (const { verdict, model } of given) {
    const one = document.createElement("span");
    one.className = "badge";
    one.dataset.verdict = verdict;
    one.textContent = NAMES[verdict];
    one.title = model;
    box.append(one, " ");
  }
  return box;
}
