// On the page of a photo that was reached through a sheet: where in the sheet it is, and what is next.

import { say } from "./say.js";
import { fetchIndex, goneSentence, idOf, idsIn, query, reviewed } from "./sheet.js";
import { verdicts } from "./store.js";

// Leads the page's links to the neighbours through the sheet, where there is one. Returns an object
// whose show() brings the count of reviewed photos up to date.
export function followSheet(section, said) {
  const here = idOf(location.href);
  const named = idsIn(location.search);
  const { build, compare, sheet, index } = section.dataset;
  const place = section.querySelector(".place");
  const along = section.querySelector(".along");
  let ids = named;
  let photos = [];

  function show() {
    if (place.hidden) return;
    const done = reviewed(photos, verdicts(build));
    const at = ids.indexOf(here);
    place.textContent = `${at + 1} of ${ids.length}, ${done} reviewed`;
    place.href = sheet + query(ids);
    Object.assign(along, { value: done, max: ids.length });
    lead(at);
  }

  function lead(at) {
    const page = (id) => `${compare}${id}/${query(ids)}`;
    const following = ids[at + 1];
    const next = section.querySelector(".next");
    next.href = following ? page(following) : place.href;
    next.firstChild.data = following ? "Next " : "Finish ";
    neighbours({ prev: ids[at - 1] && page(ids[at - 1]), next: following && page(following) });
  }

  async function leaveOutWhatIsGone() {
    const known = (await fetchIndex(index)).photos;
    ids = named.filter((id) => id === here || `/compare/${id}/` in known);
    photos = ids.map((id) => known[`/compare/${id}/`]);
    show();
    say(said, goneSentence(named.length - ids.length));
  }

  if (named.includes(here)) {
    place.hidden = along.hidden = false;
    section.classList.add("in-sheet");
    show();
    leaveOutWhatIsGone().catch(() => {}); // without the index, every photo is taken to be there
  }
  return { show };
}

const NAMES = { prev: "Previous of the sheet", next: "Next of the sheet" };

// Puts links to the sheet's neighbours where those to the gallery's are.
function neighbours(addresses) {
  const links = Object.entries(addresses).filter(([, address]) => address);
  document.querySelector(".neighbours").replaceChildren(...links.map(neighbour));
}

function neighbour([rel, href]) {
  const link = document.createElement("a");
  const name = document.createElement("span");
  Object.assign(link, { rel, href });
  Object.assign(name, { className: "visually-hidden", textContent: NAMES[rel] });
  link.append(name);
  return link;
}
