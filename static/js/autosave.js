// Saves a form with data-autosave by itself: after a pause, when the reader leaves, when the connection is back. What it
// says is always true; what the server does not have yet is kept in this browser (kept.js). Without it the buttons save.
(() => {
  "use strict";
  const PAUSE = 2000;
  // Somebody who never pauses is saved all the same.
  const LONGEST_WAIT = 15000;
  const TIMEOUT = 20000;
  const RETRIES = [2000, 4000, 8000, 15000, 30000, 60000];
  // A browser sends at most 64 kB for a page that is gone.
  const WHEN_GONE = 60000;

  class Saver {
    constructor(form) {
      this.form = form;
      // A page that came back refused goes on counting where it was: an older turn would be taken for one that comes late.
      this.typed = this.sent = this.saved = Number(form.elements.turn?.value) || 0;
      this.failures = 0;
      this.stopped = this.leaving = false;
      this.outcome = form.querySelector("#save-state");
      this.note = form.querySelector("[data-save-note]");
      this.said = form.querySelector("[data-save-said]");
    }

    get dirty() {
      return this.typed !== this.saved;
    }

    get autosaves() {
      return this.form.matches("[data-autosave]") && !this.stopped && !this.leaving;
    }

    // `aloud` is for screen readers, which need not hear of every pause.
    say(words, { bad = false, aloud = "", link = null } = {}) {
      this.outcome.hidden = words !== "";
      this.note.classList.toggle("not-saved", bad);
      if (this.note.textContent !== words + (link?.textContent || "")) this.note.replaceChildren(words, ...(link ? [link] : []));
      if (this.said && aloud && this.said.textContent !== aloud) this.said.textContent = aloud;
    }

    input() {
      this.typed += 1;
      this.form.toggleAttribute("data-dirty", true);
      if (this.form.elements.turn) this.form.elements.turn.value = this.typed;
      this.kept = window.keptText.put(this.form);
      this.form.toggleAttribute("data-unkept", !this.kept);
      if (!this.autosaves) return;
      this.waitingSince ||= Date.now();
      if (!this.failures && !this.signedOut) this.say("Not saved yet");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE, this.waitingSince + LONGEST_WAIT - Date.now())));
    }

    // `last`: the page goes away, so nobody would send afterwards what is newer than a save that is still on its way. The
    // server keeps the later of the two by its turn, in whichever order they come.
    async send({ last = false } = {}) {
      if (!this.dirty || !this.autosaves || (this.asking && this.sent === this.typed)) return;
      if (this.asking && !last) {
        this.again = true;
        return;
      }
      clearTimeout(this.timer);
      this.waitingSince = 0;
      this.sent = this.typed;
      if (!this.failures && !this.signedOut) this.say("Saving…");
      const body = new URLSearchParams(new FormData(this.form)).toString();
      this.asking = new AbortController();
      const limit = setTimeout(() => this.asking?.abort(), TIMEOUT);
      try {
        await this.answer(
          await fetch(this.form.getAttribute("action") || location.pathname, {
            method: "POST",
            body,
            headers: { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" },
            keepalive: body.length < WHEN_GONE,
            redirect: "manual",
            signal: this.asking.signal,
          }),
        );
      } catch {
        this.failed();
      } finally {
        clearTimeout(limit);
        this.asking = null;
      }
      if (this.again) {
        this.again = false;
        this.send();
      }
    }

    async answer(response) {
      const text = await response.text();
      if (response.status === 401 || response.type === "opaqueredirect") {
        this.isSignedOut();
      } else if (response.status === 403 && response.headers.get("X-Form-Check") === "failed") {
        await this.newToken();
      } else if (response.status >= 500 || response.status === 429) {
        this.failed("Not saved yet: the portal is busy. ");
      } else if (!text.includes('name="version"')) {
        this.stopped = true;
        this.say("Not saved: you can no longer write on this page. ", { bad: true, aloud: "Not saved." });
      } else {
        this.show(text, response.ok);
      }
    }

    // The server's own words, with the version to go on from.
    show(text, ok) {
      this.failures = 0;
      this.signedOut = false;
      this.outcome.innerHTML = text;
      this.stopped = this.outcome.querySelector("[data-stop]") !== null;
      if (ok) {
        this.saved = this.sent;
        this.form.toggleAttribute("data-dirty", this.dirty);
        if (!this.dirty) window.keptText.drop(this.form);
      }
      this.form.toggleAttribute("data-unkept", !ok && !this.kept);
      this.say(ok && this.dirty ? "Not saved yet" : "", { aloud: ok ? "Saved" : this.outcome.textContent.trim() });
      document.dispatchEvent(new CustomEvent(ok ? "autosave:saved" : "autosave:refused", { detail: { form: this.form } }));
      document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: this.outcome } }));
    }

    failed(why = "Offline: ") {
      this.sent = this.saved;
      const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
      this.failures += 1;
      const words = this.kept ? "kept in this browser, sent when you are back" : "not saved. Keep this page open";
      const busy = this.kept ? "Kept in this browser, and sent again by itself" : "Keep this page open";
      this.say(why === "Offline: " ? why + words : why + busy, { bad: true, aloud: why + words });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), wait * (0.8 + 0.4 * Math.random()));
    }

    isSignedOut() {
      this.sent = this.saved;
      this.signedOut = true;
      const link = document.createElement("a");
      link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = "Sign in";
      const where = this.kept ? "Signed out. Your text is kept in this browser and offered to you again. " : "Signed out and not saved. Copy your text first. ";
      this.say(where, { bad: true, aloud: where, link });
      // Whoever signs in on another tab need not do anything here.
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), RETRIES[3]);
    }

    // Signing in on another tab gives forms a new token. It is taken over only for the same person.
    async newToken() {
      const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
      const token = page.querySelector("form[data-keep] input[name=csrfmiddlewaretoken]")?.value;
      const person = page.body.dataset.person;
      if (!person) return this.isSignedOut();
      this.sent = this.saved;
      if (person !== document.body.dataset.person) {
        this.stopped = true;
        return this.say("Not saved: somebody else is signed in now. Your text is kept in this browser for you.", { bad: true, aloud: "Not saved." });
      }
      if (!token || this.renewed === token) return this.failed("Not saved yet: the portal is busy. ");
      this.renewed = token;
      for (const box of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) box.value = token;
      this.again = true;
      return undefined;
    }
  }

  const savers = new Map([...document.querySelectorAll("form[data-keep]")].map((form) => [form, new Saver(form)]));
  const each = (act) => savers.forEach((saver) => act(saver));

  document.addEventListener("input", (event) => savers.get(event.target.form)?.input());
  document.addEventListener("submit", (event) => {
    const saver = savers.get(event.target);
    if (!saver) return;
    saver.leaving = !event.defaultPrevented;
    clearTimeout(saver.timer);
    if (saver.form.elements.turn) saver.form.elements.turn.value = saver.typed + 1;
  });
  // Before somebody signs out their last words are saved: afterwards nobody could.
  const SAVING_FIRST = 5000;
  const signingOut = new WeakSet();
  const settled = async (saver, until) => {
    while (saver.dirty && saver.autosaves && !saver.failures && !saver.signedOut && Date.now() < until) {
      if (saver.asking) await new Promise((done) => setTimeout(done, 50));
      else await saver.send();
    }
  };
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const unsaved = [...savers.values()].filter((saver) => saver.dirty && saver.autosaves);
      if (!unsaved.length || signingOut.has(form) || !window.keptText.isSignOut(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      signingOut.add(form);
      await Promise.all(unsaved.map((saver) => settled(saver, Date.now() + SAVING_FIRST)));
      form.requestSubmit();
    },
    true,
  );
  document.addEventListener("visibilitychange", () => document.hidden && each((saver) => saver.send()));
  window.addEventListener("pagehide", () => each((saver) => saver.send({ last: true })));
  window.addEventListener("online", () => each((saver) => saver.send()));
  window.addEventListener("offline", () => each((saver) => saver.dirty && saver.autosaves && saver.failed()));
  // The page may come back from the browser's memory.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    each((saver) => {
      saver.leaving = false;
      saver.send();
    });
  });
})();
