// Offers what this browser kept of a form (kept.js) when its page is opened again: beside what is saved now, field by
// field. Nothing is put in without being asked for.
(() => {
  "use strict";
  const { typedIn, same, get, drop } = window.keptText;

  const element = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };

  const boxesOf = (form, name) => [...form.elements].filter((box) => box.name === name && box.type !== "hidden");

  const labelOf = (form, name) => {
    const box = boxesOf(form, name)[0];
    if (!box) return name;
    const group = ["checkbox", "radio"].includes(box.type) && box.closest("fieldset")?.querySelector("legend");
    const words = (group || box.labels?.[0])?.textContent || box.getAttribute("aria-label") || name;
    const row = group ? "" : box.closest("fieldset")?.querySelector("legend")?.textContent || "";
    return [row, words].filter(Boolean).map((text) => text.trim()).join(", ");
  };

  // Values in words: the labels of what was ticked or chosen, else the text.
  const worded = (form, name, values) => {
    const boxes = boxesOf(form, name);
    const label = (value) => {
      if (boxes[0]?.options) return [...boxes[0].options].find((each) => each.value === value)?.textContent ?? value;
      const box = boxes.find((each) => ["checkbox", "radio"].includes(each.type) && each.value === value);
      return box ? box.labels?.[0]?.textContent.trim() || value : value;
    };
    return values.map(label).join("\n");
  };

  const since = (at) => {
    const moment = new Date(at);
    const hour = moment.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
    const day = moment.toLocaleDateString("en-US", { weekday: "long", day: "numeric", month: "long" });
    return moment.toDateString() === new Date().toDateString() ? hour : `${day}, ${hour}`;
  };

  const putIn = (form, name, values) => {
    const boxes = boxesOf(form, name);
    for (const box of boxes) {
      if (["checkbox", "radio"].includes(box.type)) box.checked = values.includes(box.value);
      else box.value = values[boxes.indexOf(box)] ?? "";
    }
    boxes[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const versions = (form, name, mine, now, number) => {
    const id = `kept-${number}`;
    const box = element("input", { type: "checkbox", class: "form-check-input", id, "data-kept-name": name });
    box.checked = boxesOf(form, name).length > 0;
    box.disabled = !box.checked;
    const said = (heading, values) => {
      const text = worded(form, name, values || []);
      return element("div", {}, element("p", { class: "fw-semibold mb-1" }, heading), element("div", { class: "typed" }, text || "Nothing"));
    };
    return element(
      "div",
      { class: "kept-field" },
      element("div", { class: "form-check" }, box, element("label", { class: "form-check-label fw-semibold", for: id }, labelOf(form, name))),
      element("div", { class: "versions" }, said("Not saved", mine), said("Saved now", now)),
    );
  };

  const offer = (form, entry, names) => {
    const now = typedIn(form);
    const newer = Number(form.elements.version?.value || 0) > entry.version;
    const fields = names.map((name, number) => versions(form, name, entry.fields[name], now[name], number));
    const texts = element("details", { class: "more mb-3" }, element("summary", {}, "Show both texts"), ...fields);
    texts.open = newer;
    const use = element("button", { type: "button", class: "btn btn-primary" }, "Use it");
    const dropIt = element("button", { type: "button", class: "btn btn-outline" }, "Drop it");
    const card = element(
      "section",
      { class: "card kept mb-4", "aria-labelledby": "kept-title", "data-kept": "", tabindex: "-1" },
      element(
        "div",
        { class: "card-body" },
        element("h2", { id: "kept-title" }, `You have text here that was not saved, from ${since(entry.at)}`),
        element("p", {}, newer
          ? "The page was saved again since then. Compare both, and tick what you want to use. Nothing is changed until you say so."
          : "It is kept in this browser alone. Use it to go on where you were, or drop it."),
        texts,
        element("div", { class: "d-flex flex-wrap gap-2" }, use, dropIt),
      ),
    );
    use.addEventListener("click", () => {
      const chosen = [...card.querySelectorAll("[data-kept-name]:checked")].map((box) => box.dataset.keptName);
      card.remove();
      if (!chosen.length) drop(form);
      for (const name of chosen) putIn(form, name, entry.fields[name]);
      boxesOf(form, chosen[0])[0]?.focus();
    });
    dropIt.addEventListener("click", () => {
      card.remove();
      drop(form);
    });
    form.before(card);
  };

  for (const form of document.querySelectorAll("form[data-keep]")) {
    const entry = get(form);
    // A form that came back with its errors has what was typed in its boxes already.
    if (!entry) continue;
    const now = typedIn(form);
    const names = Object.keys(entry.fields).filter((name) => !same(entry.fields[name], now[name]));
    const empty = (name) => !(name in now) && entry.fields[name].every((value) => value.trim() === "");
    const differing = names.filter((name) => !empty(name));
    if (differing.length) offer(form, entry, differing);
    else drop(form);
  }
})();
