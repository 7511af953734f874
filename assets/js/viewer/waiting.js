// What the stage says of pictures that are on their way, or did not arrive.

/** @import { Picture } from "./pictures.js" */

import { find } from "../dom.js";
import { lower } from "./form.js";

const PATIENCE = 150; // milliseconds without a word

/** @param {number} bytes */
const size = (bytes) =>
  bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)}\u00a0kB`
    : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)}\u00a0MB`;

/** @param {Picture} picture */
const name = ({ label, bytes }) => (bytes ? `${lower(label)}, ${size(bytes)}` : lower(label));

export class Waiting {
  #since = 0; // when the wait began that is going on
  #text;
  #retry;

  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.#text = find(stage, ".waiting p");
    this.#retry = find(stage, "[value=retry]");
  }

  /**
   * Resolves when no picture is on its way any more.
   * @param {Map<Picture, Promise<void>>} jobs
   * @param {() => boolean} isNewest
   */
  async follow(jobs, isNewest) {
    const waiting = new Set(jobs.keys());
    /** @type {Picture[]} */
    const failed = [];
    this.#since ||= performance.now();
    const show = () => isNewest() && this.#show([...waiting], failed);
    const timer = setTimeout(show, this.#since + PATIENCE - performance.now());
    const settle = async (/** @type {[Picture, Promise<void>]} */ [picture, job]) => {
      await job.catch(() => failed.push(picture));
      waiting.delete(picture);
      if (failed.length) show();
    };
    await Promise.all([...jobs].map(settle));
    clearTimeout(timer);
    if (isNewest()) this.#since = 0;
    show();
  }

  /**
   * @param {Picture[]} waiting
   * @param {Picture[]} failed
   */
  #show(waiting, failed) {
    const loading = waiting.length ? `Loading ${waiting.map(name).join(" and ")} …` : "";
    const lost = failed.map(({ label }) => label).join(" and ");
    const text = lost ? `${lost} could not be loaded.` : loading;
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#retry.hidden = !lost;
  }
}
