// Counts the words of a box that has data-word-limit while somebody types; it never cuts anything off. What counts as a
// word is portal.words.count_words: a run between white space with a letter or a digit in it.
(() => {
  "use strict";
  const UNSEEN = /[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff]/g;
  const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
  const READABLE = /[\p{L}\p{N}]/u;
  const count = (text) => text.replace(UNSEEN, "").split(SPACES).filter((run) => READABLE.test(run)).length;

  const counterOf = (box) => {
    const id = `${box.id}_words`;
    let counter = document.getElementById(id);
    if (!counter) {
      counter = document.createElement("span");
      counter.id = id;
      counter.className = "word-count";
      box.after(counter);
      const described = box.getAttribute("aria-describedby");
      box.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
    }
    return counter;
  };

  const show = (box) => {
    const limit = Number(box.dataset.wordLimit);
    const words = count(box.value);
    const counter = counterOf(box);
    const over = words - limit;
    counter.classList.toggle("over", over > 0);
    counter.textContent = `${words.toLocaleString("en-US")} of ${limit.toLocaleString("en-US")} words` +
      (over > 0 ? `, ${over.toLocaleString("en-US")} too many` : "");
  };

  const enhance = (root) => {
    for (const box of root.querySelectorAll("textarea[data-word-limit]")) show(box);
  };

  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-word-limit]")) show(event.target);
  });
})();
