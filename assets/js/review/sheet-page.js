// The page of a review sheet: its photos in order, how far one has come, and where to go on.

import { badge, byPhoto } from "./badges.js";
import { say } from "./say.js";
import { fetchIndex, goneSentence, idsIn, query, reviewed } from "./sheet.js";
import { onOtherTabs, verdicts } from "./store.js";
import { startTools } from "./tools.js";

const page = document.querySelector(".sheet");
const { build, index, compare } = page.dataset;
const find = (selector) => page.querySelector(selector);
const named = idsIn(location.search);

function entry(id, { title, src }, sheet) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const image = document.createElement("img");
  const name = document.createElement("span");
  link.href = `${compare}${id}/${sheet}`;
  Object.assign(image, { alt: "", loading: "lazy", decoding: "async", src });
  Object.assign(name, { className: "name", textContent: title });
  link.append(image, name);
  item.append(link);
  return item;
}

function progress(photos, given) {
  const count = reviewed(photos, given);
  const next = photos.findIndex(({ photo }) => ![...given.values()].some((one) => one.photo === photo));
  const plural = photos.length === 1 ? "" : "s";
  Object.assign(find("progress"), { value: count, max: photos.length });
  find(".facts").textContent = `${photos.length} photo${plural}, ${count} reviewed`;
  find(".start").textContent =
    next < 0 ? "Look again" : count ? `Continue with ${photos[next].title}` : "Start";
  find(".start").href = find(".grid").children[Math.max(next, 0)].querySelector("a").href;
}

function fill(known) {
  const ids = named.filter((id) => `/compare/${id}/` in known);
  const photos = ids.map((id) => known[`/compare/${id}/`]);
  say(find(".said"), photos.length ? goneSentence(named.length - ids.length) : NOTHING_LEFT);
  if (!photos.length) return;
  find(".grid").append(...ids.map((id, at) => entry(id, photos[at], query(ids))));
  const show = () => {
    const given = verdicts(build);
    const groups = byPhoto(given);
    photos.forEach(({ photo }, at) => {
      badge(find(".grid").children[at], groups.get(photo) ?? [], 1);
    });
    progress(photos, given);
  };
  show();
  for (const part of page.querySelectorAll(".sheet-part")) part.hidden = false;
  find(".how").hidden = true;
  startTools(find(".tools"), show);
  onOtherTabs(build, show);
  addEventListener("pageshow", show);
}

const NOTHING_LEFT = "None of this sheet’s photos is in the gallery any more.";

if (named.length) {
  fetchIndex(index)
    .then(({ photos }) => fill(photos))
    .catch(() => say(find(".said"), "The list of photos could not be loaded. Please try again."));
}
