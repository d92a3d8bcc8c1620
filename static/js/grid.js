// Arrow keys move between the boxes of a table with data-arrows: up and down always, left and right from the text's end.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-arrows] td input, [data-arrows] th input")) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = box.closest("tr");
    const boxesOf = (each) => [...each.querySelectorAll("input[type=text]")];
    const place = boxesOf(row).indexOf(box);
    const atStart = box.selectionStart === 0 && box.selectionEnd === 0;
    const atEnd = box.selectionStart === box.value.length && box.selectionEnd === box.value.length;
    const all = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    let next = null;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const rows = [...document.querySelectorAll("[data-arrows] tr")].filter((each) => boxesOf(each).length > place);
      next = boxesOf(rows[rows.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)] ?? row)[place];
    } else if (event.key === "ArrowLeft" && (atStart || all)) {
      next = boxesOf(row)[place - 1];
    } else if (event.key === "ArrowRight" && (atEnd || all)) {
      next = boxesOf(row)[place + 1];
    }
    if (!next || next === box) return;
    event.preventDefault();
    next.focus();
    next.select();
  });
})();
