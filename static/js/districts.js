// Fills the partner form from the district somebody chooses in the list, without loading the page again.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-district]");
    const form = document.querySelector("#partner form");
    if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const kind = form.querySelector('input[type="radio"][name="kind"][value="district"]');
    if (kind) kind.checked = true;
    for (const name of ["name", "leaid", "students"]) {
      const box = form.elements.namedItem(name);
      const value = link.dataset[name];
      if (!box || !value) continue;
      box.value = value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.getElementById("district-chosen").textContent = `${link.dataset.name} is filled in below. Check it, add who signs, and save.`;
    form.elements.namedItem("name").focus();
  });
})();
