// Keeps what a person types in this browser until the server has it: by person and page, and gone when they sign out.
// Other scripts use window.keptText; whoever else signs in here is never shown it.
(() => {
  "use strict";
  const PREFIX = "kept:";
  const LONGEST = 30 * 24 * 3600 * 1000;
  const BOOKKEEPING = new Set(["csrfmiddlewaretoken", "version", "editor", "turn", "then", "theirs"]);

  // A browser may forbid storing anything; then nothing is kept, and the page says so.
  const guarded = (act, otherwise) => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };
  const keyOf = (form) => `${PREFIX}${form.dataset.keep}:${new URL(form.getAttribute("action") || location.href, location.href).pathname}`;
  const keys = () => guarded(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)), []);
  const read = (key) => guarded(() => JSON.parse(localStorage.getItem(key)), null);

  // What is typed in a form: the values by name, of a group of boxes those that are ticked.
  const typedIn = (form) => {
    const fields = {};
    for (const box of form.elements) {
      if (!box.name || BOOKKEEPING.has(box.name) || ["hidden", "submit", "button", "file", "password"].includes(box.type)) continue;
      fields[box.name] ||= [];
      if (!["checkbox", "radio"].includes(box.type) || box.checked) fields[box.name].push(box.value);
    }
    return fields;
  };

  // As portal/words.py tidies a text before it keeps it, so that the two can be compared.
  const tidy = (text) =>
    text
      .replace(/\r\n|[\r\v\f\x1c-\x1f\x85\u2028\u2029]/g, "\n")
      .replace(/[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff]/g, "")
      .replace(/[\u00a0\u2007\u202f]/g, " ")
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n")
      .trim();
  // An amount is the same with and without its separators, as the server writes it back.
  const figure = (text) => (/^\$?\s*[\d,]+(\.\d+)?$/.test(text) ? text.replace(/[$,\s]/g, "").replace(/\.0+$/, "") : text);
  const compared = (texts) => JSON.stringify((texts || []).map((text) => figure(tidy(text))));
  const same = (some, others) => compared(some) === compared(others);

  window.keptText = {
    typedIn,
    same,
    // Returns whether the browser kept it.
    put: (form) =>
      guarded(() => {
        const entry = {
          at: Date.now(),
          version: Number(form.elements.version?.value || 0),
          editor: form.elements.editor?.value || "",
          title: document.querySelector("h1")?.textContent.trim() || "",
          fields: typedIn(form),
        };
        localStorage.setItem(keyOf(form), JSON.stringify(entry));
        return true;
      }, false),
    get: (form) => read(keyOf(form)),
    isSignOut: (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname === "/accounts/logout/",
    drop: (form) => guarded(() => localStorage.removeItem(keyOf(form))),
  };

  // After an ordinary save the server names the page it came from: what was kept of that page is on the server now.
  const saved = document.cookie.match(/(?:^|; )saved=(\w+)/)?.[1];
  if (saved) document.cookie = "saved=; Max-Age=0; Path=/; SameSite=Lax";
  for (const key of keys()) {
    const entry = read(key);
    if (!entry || entry.editor === saved || Date.now() - entry.at > LONGEST) guarded(() => localStorage.removeItem(key));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drop-kept]");
    if (link) guarded(() => localStorage.removeItem(`${PREFIX}${document.body.dataset.person}:${new URL(link.href).pathname}`));
  });
  // Signing out takes what was kept away with it, so that nothing stays on a shared computer.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !window.keptText.isSignOut(event.target)) return;
    const mine = keys().filter((key) => key.startsWith(`${PREFIX}${document.body.dataset.person}:`));
    const words = "Some of what you typed is not saved yet. Signing out removes it from this browser. Sign out all the same?";
    if (mine.length && !confirm(words)) event.preventDefault();
    else for (const key of mine) guarded(() => localStorage.removeItem(key));
  });
})();
