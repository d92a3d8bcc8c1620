// While a score has the focus, a digit chooses the score of that number. It listens nowhere else, so nothing that is
// typed elsewhere is taken for a score, and whoever speaks or dictates is not surprised.
document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.("[data-scores] input[type=radio]")?.closest("fieldset");
  if (!group || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
  const wanted = event.key === "0" ? "10" : event.key;
  const choice = [...group.querySelectorAll("input[type=radio]")].find((each) => each.value === wanted);
  if (!choice) return;
  event.preventDefault();
  choice.focus();
  choice.checked = true;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
  choice.dispatchEvent(new Event("change", { bubbles: true }));
});
