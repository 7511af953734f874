// What verdicts are about: results. Of each sha256, twelve digits name it well enough in a gallery.

export const short = (/** @type {string} */ sha256) => sha256.slice(0, 12);

/** @param {Pick<Verdict, "photo_sha256" | "result_sha256">} about */
export const subjectOf = ({ photo_sha256, result_sha256 }) =>
  `${short(photo_sha256)} ${short(result_sha256)}`;

/**
 * Groups verdicts by what they are about; one's own come first.
 * @param {Iterable<Verdict>} verdicts
 * @param {string} reviewer
 */
export function bySubject(verdicts, reviewer) {
  /** @type {Map<string, Verdict[]>} */
  const groups = new Map();
  for (const verdict of verdicts) {
    const subject = subjectOf(verdict);
    const others = groups.get(subject) ?? [];
    const isOwn = verdict.reviewer === reviewer;
    groups.set(subject, isOwn ? [verdict, ...others] : [...others, verdict]);
  }
  return groups;
}

/**
 * Returns the subjects of an item of a gallery's grid.
 * @param {HTMLElement} item
 */
export function subjectsOfItem(item) {
  const { sha256, results } = /** @type {GridItemData} */ (item.dataset);
  return results.split(",").map((result) => `${sha256} ${result}`);
}

/**
 * Returns the subjects of a photo of review/photos.json: all, or that of one method.
 * @param {IndexedPhoto} photo
 * @param {string} [method]
 */
export function subjectsOf({ sha256, results }, method = "") {
  const wanted = Object.hasOwn(results, method) ? [results[method]] : Object.values(results);
  return wanted.map((result) => `${sha256} ${result}`);
}
