// The words of verdicts and reasons, as the pipeline publishes them.

import { find } from "../dom.js";

/**
 * Returns the words that _includes/review/tools.html has written below `root`.
 * @param {ParentNode} root
 * @returns {ReviewVocabulary}
 */
export const readVocabulary = (root) => JSON.parse(find(root, ".vocabulary").textContent ?? "");
