// Choosing photos of a grid, in order, for a review sheet.

import { inBatches } from "../batches.js";
import { copy, say } from "./say.js";
import { idOf, query } from "./sheet.js";

// `button` begins and ends the choosing; `bar` says how many were chosen and links to their sheet.
export function startSelecting(grid, button, bar) {
  const said = bar.querySelector(".said");
  const open = bar.querySelector(".open");
  const sheet = open.getAttribute("href");
  let chosen = [];

  function show() {
    const count = chosen.length;
    bar.querySelector(".count").textContent = `${count} photo${count === 1 ? "" : "s"} selected`;
    open.href = sheet + query(chosen.map((box) => idOf(box.closest("li").querySelector("a").href)));
    for (const control of bar.querySelectorAll(".needs-photos")) control.hidden = !count;
    chosen.forEach((box, index) => (box.nextElementSibling.textContent = index + 1));
  }

  function choose(box) {
    chosen = chosen.filter((other) => other !== box);
    box.closest("li").classList.toggle("is-chosen", box.checked);
    if (box.checked) chosen.push(box);
    else box.nextElementSibling.textContent = "";
    show();
  }

  function toggle() {
    const selecting = grid.classList.toggle("is-selecting");
    if (selecting && !grid.querySelector(".pick")) inBatches([...grid.children], addPick);
    button.ariaPressed = selecting;
    bar.hidden = !selecting;
    show();
    if (!selecting) button.focus();
  }

  button.addEventListener("click", toggle);
  bar.querySelector(".done").addEventListener("click", toggle);
  bar.querySelector(".copy").addEventListener("click", () => copy(open.href, said, "Link copied."));
  grid.addEventListener("change", ({ target }) => target.closest(".pick") && choose(target));
  say(said, "");
}

function addPick(item) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const order = document.createElement("span");
  label.className = "pick";
  box.type = "checkbox";
  box.ariaLabel = `Select ${item.querySelector(".name").textContent}`;
  order.ariaHidden = "true";
  label.append(box, order);
  item.append(label);
}
