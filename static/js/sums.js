// Keeps totals true while amounts are typed. An input names the sums it counts towards in data-sum-group (separated by
// spaces); an element with data-sum-of shows one of them and, past its data-ceiling, by how much it is over.
(() => {
  "use strict";
  const TYPED = /^\$?\s*(\d{1,3}(,\d{3})+|\d+)?(\.\d{1,2})?$/;

  // Whole cents, so that nothing is lost to binary fractions; what is not an amount counts as nothing yet.
  const cents = (text) => {
    const typed = text.trim();
    if (!TYPED.test(typed)) return 0;
    const [whole, fraction = ""] = typed.replace(/[$,\s]/g, "").split(".");
    return Number(whole || 0) * 100 + Number(fraction.padEnd(2, "0"));
  };

  const dollars = (amount) => {
    const places = amount % 100 === 0 ? 0 : 2;
    return (amount / 100).toLocaleString("en-US", { style: "currency", currency: "USD", minimumFractionDigits: places, maximumFractionDigits: places });
  };

  const show = (output) => {
    const group = output.dataset.sumOf;
    let sum = 0;
    for (const input of document.querySelectorAll(`[data-sum-group~="${CSS.escape(group)}"]`)) sum += cents(input.value);
    const over = output.dataset.ceiling ? sum - cents(output.dataset.ceiling) : 0;
    const words = dollars(sum) + (over > 0 ? `, ${dollars(over)} over` : "");
    output.classList.toggle("over", over > 0);
    if (output.textContent !== words) output.textContent = words;
  };

  const showAll = () => {
    for (const output of document.querySelectorAll("[data-sum-of]")) show(output);
  };

  showAll();
  document.addEventListener("htmx:load", showAll);
  document.addEventListener("input", (event) => {
    const groups = (event.target.dataset.sumGroup || "").split(" ");
    for (const group of groups.filter(Boolean))
      for (const output of document.querySelectorAll(`[data-sum-of="${CSS.escape(group)}"]`)) show(output);
  });
})();
