// Adds an empty row to a table with data-rows when its button (data-add-row) is pressed; without it the button asks the server.
(() => {
  "use strict";
  const MOST = 40;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    const part = button?.closest("section");
    const body = part?.querySelector("[data-rows]")?.tBodies[0];
    const count = part?.querySelector("[data-row-count]");
    if (!body || !count) return;
    event.preventDefault();
    const last = body.rows[body.rows.length - 1];
    const before = Number(count.value);
    if (before >= MOST) return;
    const row = last.cloneNode(true);
    for (const box of row.querySelectorAll("[name]")) {
      for (const name of ["name", "id", "aria-label", "data-sum-group"]) {
        const text = box.getAttribute(name);
        if (text) box.setAttribute(name, text.replace(/(match-row-|match-|Match )(\d+)(?=[-,]|$)/g, (all, word, number) => (Number(number) === before ? word + (before + 1) : all)));
      }
      if (box.matches("input")) box.value = "";
      box.classList.remove("is-invalid");
      box.removeAttribute("aria-invalid");
      box.removeAttribute("aria-describedby");
    }
    for (const error of row.querySelectorAll(".field-error")) error.remove();
    body.append(row);
    count.value = before + 1;
    button.hidden = before + 1 >= MOST;
    row.querySelector("input").focus();
  });
})();
