// Verdicts in this browser's storage: one entry for each build, with every verdict given in it.
// Where the browser keeps nothing, verdicts live as long as the page.

const NAME = "review:name";
const pageOnly = new Map();

const entry = (build) => `review:${build}`;
const read = (key) => {
  try {
    return localStorage.getItem(key) ?? pageOnly.get(key);
  } catch {
    return pageOnly.get(key);
  }
};

function write(key, text) {
  try {
    localStorage.setItem(key, text);
    pageOnly.delete(key);
    return true;
  } catch {
    pageOnly.set(key, text);
    return false;
  }
}

export const keyOf = ({ photo, model }) => `${photo}\n${model}`;

// Returns the verdicts of a build by keyOf.
export function verdicts(build) {
  try {
    return new Map(JSON.parse(read(entry(build)) ?? "[]").map((one) => [keyOf(one), one]));
  } catch {
    return new Map();
  }
}

// Lets `change` alter the verdicts, read afresh because other tabs write too; tells whether the
// browser keeps them.
export function update(build, change) {
  const all = verdicts(build);
  change(all);
  return write(entry(build), JSON.stringify([...all.values()]));
}

// Calls back whenever another tab changes the verdicts.
export function onOtherTabs(build, callback) {
  addEventListener("storage", ({ key }) => {
    if (key === entry(build) || key === null) callback();
  });
}

export const reviewer = () => read(NAME) ?? "";
export const setReviewer = (name) => write(NAME, name.trim().replace(/\s+/g, " "));
