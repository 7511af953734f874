// Tables whose columns sort by a press on their heads: <table data-sortable>.

/** @param {Element | undefined} cell */
function numberOf(cell) {
  const value = cell instanceof HTMLElement ? cell.dataset.value : undefined;
  return value === undefined ? undefined : Number(value);
}

/**
 * Compares two cells: numbers as numbers, cells without one last.
 * @param {Element | undefined} one
 * @param {Element | undefined} other
 * @param {number} sign
 */
function compare(one, other, sign) {
  const [a, b] = [numberOf(one), numberOf(other)];
  if (a !== undefined && b !== undefined) return sign * (a - b);
  if (a !== undefined || b !== undefined) return a === undefined ? 1 : -1;
  return sign * (one?.textContent ?? "").localeCompare(other?.textContent ?? "");
}

/**
 * Sorts the rows by a column, the other way round where they are sorted by it already.
 * @param {HTMLTableElement} table
 * @param {HTMLTableCellElement} head
 */
function sortBy(table, head) {
  const first = head.dataset.first ?? "ascending";
  const second = first === "ascending" ? "descending" : "ascending";
  const order = head.getAttribute("aria-sort") === first ? second : first;
  for (const each of table.querySelectorAll("[aria-sort]")) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const body = table.tBodies[0];
  const sign = order === "ascending" ? 1 : -1;
  const rows = [...body.rows];
  rows.sort((a, b) => compare(a.cells[head.cellIndex], b.cells[head.cellIndex], sign));
  body.append(...rows);
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  for (const head of table.querySelectorAll("thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () =>
      sortBy(/** @type {HTMLTableElement} */ (table), /** @type {HTMLTableCellElement} */ (head)),
    );
  }
}
