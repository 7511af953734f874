// What a problem report says, as text and as the address of a new issue.

/**
 * @param {Verdict} verdict
 * @param {string} link
 * @param {string} [crop]
 */
function facts(verdict, link, crop) {
  return [
    ["Photo", verdict.photo],
    ["Method", verdict.method],
    ["Checkpoint", verdict.result_sha256],
    ["Verdict", verdict.verdict],
    ["Reasons", verdict.reasons.join(", ")],
    ["Visible part", crop],
    ["Note", verdict.note],
    ["Link", link],
  ].filter(([, value]) => value);
}

/**
 * @param {Verdict} verdict
 * @param {string} title of the photo
 * @param {string} link
 * @param {string} [crop]
 */
export function report(verdict, title, link, crop) {
  const why = verdict.reasons.length ? `: ${verdict.reasons.join(", ")}` : "";
  return {
    title: `${title} by ${verdict.method} is ${verdict.verdict}${why}`,
    body: facts(verdict, link, crop)
      .map(([name, value]) => `- ${name}: ${value}`)
      .join("\n"),
  };
}

/** @param {{ title: string, body: string }} report */
export const asText = ({ title, body }) => `${title}\n\n${body}\n`;

/**
 * @param {string} repository
 * @param {{ title: string, body: string }} report
 */
export const issueAddress = (repository, { title, body }) =>
  `https://github.com/${repository}/issues/new?${new URLSearchParams({ title, body })}`;
