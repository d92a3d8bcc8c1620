// Tells the portal who has a section open (data-here) and the reader who else has; says at once when a colleague saved.
(() => {
  "use strict";
  const BEAT = 20000;
  const form = document.querySelector("form[data-here]");
  if (!form) return;
  const others = document.querySelector("[data-others]");
  const overtaken = document.querySelector("[data-overtaken]");
  let timer;

  const listed = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

  const show = (told) => {
    const words = told.others.length ? `${listed(told.others)} ${told.others.length === 1 ? "is" : "are"} writing here, too.` : "";
    if (others.lastElementChild.textContent !== words) others.lastElementChild.textContent = words;
    others.hidden = words === "";
    const version = Number(form.elements.version?.value || 0);
    // A save that was refused says so itself.
    const isNewer = told.saved_by !== "" && told.version > version && !form.querySelector("[data-stop]");
    const said = isNewer ? `${told.saved_by} saved this page while you had it open. ` : "";
    overtaken.hidden = !isNewer;
    const who = overtaken.querySelector("[data-who]");
    if (who.textContent !== said) who.textContent = said;
    // Without changes of one's own there is nothing to compare: the saved page is simply opened.
    overtaken.querySelector("button").hidden = !form.matches("[data-dirty]");
    overtaken.querySelector("a").hidden = form.matches("[data-dirty]");
  };

  const beat = async (leaving = false) => {
    const told = new URLSearchParams({ editor: form.elements.editor.value, leaving: leaving ? "1" : "" });
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" };
    try {
      const response = await fetch(form.dataset.here, { method: "POST", body: told, headers, keepalive: true, redirect: "manual" });
      if (response.ok && !leaving) show(await response.json());
    } catch {
      // Without a connection nobody can be seen, and the saving says so already.
    }
  };
  const go = () => {
    clearInterval(timer);
    timer = setInterval(() => document.hidden || beat(), BEAT);
    beat();
  };

  go();
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  document.addEventListener("autosave:refused", () => beat());
  window.addEventListener("online", () => beat());
  window.addEventListener("pagehide", () => beat(true));
  window.addEventListener("pageshow", (event) => event.persisted && go());
})();
