"use strict";
// Columns that can be sorted get a button; without this script the table stands in its own order.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const told = document.getElementById(table.dataset.told);
  for (const head of table.querySelectorAll("th[data-column]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      const place = Number(head.dataset.column);
      const key = (row) => {
        const text = row.cells[place].textContent.trim();
        const number = parseFloat(text.replaceAll(",", ""));
        return "number" in head.dataset ? (Number.isNaN(number) ? null : number) : text || null;
      };
      const rows = Array.from(body.rows, (row) => [key(row), row]);
      rows.sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null);
        return (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1);
      });
      body.append(...rows.map(([, row]) => row));
      for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      told.textContent = `Sorted by ${head.dataset.name}, ${up ? "ascending" : "descending"}.`;
    });
  }
}
