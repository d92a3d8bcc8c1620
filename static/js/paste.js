// Spreads cells copied from a spreadsheet over a grid of inputs (data-paste-grid): lines that begin with the name of a row
// go there, whatever the order, and a line with a table's name (data-paste-name) leads to that table; lines without names
// fill the grid from the box they are pasted into to the right and down. data-paste-note says what was not used.
(() => {
  "use strict";
  const TOTALS = /^(total|totals|grand total|sum|together|all components|planned|ceiling|subtotal.*)$/i;
  const FIGURE = /^\(?[$-]?\s*[\d.,\s]+%?\)?$|^[*<].*$|^(n\/a|--?|withheld)$/i;
  const plain = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();

  const put = (input, value) => {
    if (!input) return;
    input.value = value.trim();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const inputsOf = (row) => [...row.querySelectorAll("input[type=text]")];

  const tableOf = (table) => ({
    names: [table.dataset.pasteName, table.dataset.pasteShort].filter(Boolean).map(plain),
    rows: new Map([...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [plain(row.cells[0].textContent), inputsOf(row)])),
  });

  const byName = (lines, cell) => {
    const all = [...cell.closest("form").querySelectorAll("[data-paste-grid]")];
    const tables = all.map(tableOf);
    let table = tables[all.indexOf(cell.closest("[data-paste-grid]"))];
    const unused = [];
    let used = 0;
    for (const cells of lines) {
      const words = [];
      const isRow = (word) => tables.some((each) => each.rows.has(word));
      for (const cell of cells.map((each) => each.trim())) {
        if (FIGURE.test(cell) || (cell === "" && words.some(isRow)) || words.length === 3) break;
        words.push(plain(cell));
      }
      const named = tables.find((each) => each.names.some((name) => words.includes(name)));
      if (named) table = named;
      const label = words.find((word) => table.rows.has(word));
      const figures = cells.slice(words.length);
      if (label !== undefined && figures.length) {
        table.rows.get(label).forEach((input, place) => figures[place] !== undefined && put(input, figures[place]));
        used += 1;
      } else if (figures.some((text) => /\d/.test(text)) && words[0] && !words.some((word) => TOTALS.test(word))) {
        unused.push(cells[0].trim() || cells[1]?.trim());
      }
    }
    return { used, unused };
  };

  const byPlace = (lines, cell) => {
    const rowsOf = [...cell.closest("table").rows].map(inputsOf);
    const top = rowsOf.findIndex((row) => row.includes(cell));
    const left = rowsOf[top].indexOf(cell);
    lines.forEach((cells, down) => cells.forEach((value, across) => put(rowsOf[top + down]?.[left + across], value)));
  };

  document.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-paste-grid] input");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    const note = cell.closest("form").querySelector("[data-paste-note]");
    const { used, unused } = byName(lines, cell);
    if (used === 0) byPlace(lines, cell);
    if (!note) return;
    if (used === 0) note.textContent = "";
    else note.textContent = `${used} ${used === 1 ? "line was" : "lines were"} filled in.${unused.length ? ` Not used: ${unused.slice(0, 8).join(", ")}.` : ""}`;
  });
})();
