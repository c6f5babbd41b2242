// Sorting of tables, and nothing else: without this script the report reads the same.
"use strict";

(() => {
  const value = (row, column) => {
    const cell = row.cells[column];
    const raw = cell.dataset.v;
    return raw === undefined ? cell.textContent.trim().toLowerCase() : raw === "" ? null : Number(raw);
  };

  const compare = (left, right) => {
    if (left === null || right === null) return null;
    return typeof left === "number" ? left - right : left.localeCompare(right);
  };

  const sort = (table, column, descending) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row, place) => ({ row, place, value: value(row, column) }));
    rows.sort((left, right) => {
      const order = compare(left.value, right.value);
      // What is not known stands last, whichever way the rest goes; equals keep their order.
      if (order === null) return (left.value === null) - (right.value === null) || left.place - right.place;
      return (descending ? -order : order) || left.place - right.place;
    });
    body.append(...rows.map((entry) => entry.row));
  };

  const heading = (table, cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      const was = cell.getAttribute("aria-sort");
      const descending = was ? was === "ascending" : cell.classList.contains("number");
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table, column, descending);
    });
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    Array.from(table.tHead.rows[0].cells).forEach((cell, column) => heading(table, cell, column));
  }
})();
