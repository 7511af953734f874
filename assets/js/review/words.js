// What is said of verdicts, in words.

/**
 * "2 verdicts", "1 outdated verdict", "3 photos"
 * @param {number} count
 * @param {string} [noun]
 */
export const plural = (count, noun = "verdict") => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * "bad, halo"
 * @param {Pick<Verdict, "verdict" | "reasons">} verdict
 */
export const summary = ({ verdict, reasons }) => [verdict, ...reasons].join(", ");

/**
 * "Ann: bad, halo"
 * @param {Verdict} verdict
 */
export const attributed = (verdict) => `${verdict.reviewer || "You"}: ${summary(verdict)}`;
