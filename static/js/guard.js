// Asks before leaving a form (data-guard) with unsaved work, sends a form only once, and takes the reader to its errors.
(() => {
  "use strict";
  const unsaved = new Set();
  const sent = new WeakSet();

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard]")) unsaved.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get") return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    unsaved.delete(form);
    // A form that answers with a file leaves the page standing, and may be sent again.
    setTimeout(() => sent.delete(form), 5000);
  });
  // The page may come back from the browser's memory with its form already sent once.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) sent.delete(form);
  });
  document.addEventListener("autosave:saved", (event) => unsaved.delete(event.detail.form));
  // What saves itself, or is at least kept in this browser, may be left at any time.
  const wouldBeLost = (form) => form.isConnected && (!form.matches("[data-autosave]") || form.matches("[data-unkept]"));
  window.addEventListener("beforeunload", (event) => {
    if ([...unsaved].some(wouldBeLost)) event.preventDefault();
  });

  const showErrors = (root) => root.querySelector("[data-focus]")?.focus();
  showErrors(document);
  document.addEventListener("htmx:load", (event) => showErrors(event.detail.elt));
})();
