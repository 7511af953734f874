// Verdicts in this browser's storage: one entry for each build, with every verdict given in it.
// Where the browser keeps nothing, verdicts live as long as the page.

const NAME = "review:name";

/** @type {Map<string, string>} */
const pageOnly = new Map();

/** @param {string} build */
const entry = (build) => `review:${build}`;

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key) ?? pageOnly.get(key);
  } catch {
    return pageOnly.get(key);
  }
}

/**
 * @param {string} key
 * @param {string} text
 */
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

/** @param {Pick<Verdict, "photo" | "model">} verdict */
export const keyOf = ({ photo, model }) => `${photo}\n${model}`;

/**
 * Returns the verdicts of a build by keyOf.
 * @param {string} build
 * @returns {Verdicts}
 */
export function verdicts(build) {
  try {
    /** @type {Verdict[]} */
    const list = JSON.parse(read(entry(build)) ?? "[]");
    return new Map(list.map((verdict) => [keyOf(verdict), verdict]));
  } catch {
    return new Map();
  }
}

/**
 * Lets `change` alter the verdicts, read afresh because other tabs write too; tells whether the
 * browser keeps them.
 * @param {string} build
 * @param {(all: Verdicts) => void} change
 */
export function update(build, change) {
  const all = verdicts(build);
  change(all);
  return write(entry(build), JSON.stringify([...all.values()]));
}

/**
 * Calls back whenever another tab changes the verdicts.
 * @param {string} build
 * @param {() => void} callback
 */
export function onOtherTabs(build, callback) {
  addEventListener("storage", ({ key }) => {
    if (key === entry(build) || key === null) callback();
  });
}

export const reviewer = () => read(NAME) ?? "";

/** @param {string} name */
export const setReviewer = (name) => write(NAME, name.trim().replace(/\s+/g, " "));
