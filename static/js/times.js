// Says an instant in the reader's own time where that differs, and keeps "14 seconds ago" and "9 days, 4 hours" to go
// true while the page is open.
(() => {
  "use strict";
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

  const span = (seconds) => {
    const [unit, length] = UNITS.find(([, size]) => seconds >= size) || UNITS[3];
    const count = Math.max(0, Math.floor(seconds / length));
    return `${count} ${unit}${count === 1 ? "" : "s"}`;
  };

  const wallClock = (instant, zone, second) =>
    instant.toLocaleString("en-US", { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", second });

  const sayLocally = (time) => {
    const instant = new Date(time.dateTime);
    const second = "seconds" in time.dataset ? "2-digit" : undefined;
    const here = wallClock(instant, undefined, second);
    const there = wallClock(instant, time.dataset.localTime, second);
    if (here === there || time.nextElementSibling?.matches(".local-time")) return;
    const [day, hour] = [here.split(", ").slice(0, -1).join(", "), here.split(", ").pop()];
    const sameDay = there.startsWith(day);
    const note = document.createElement("span");
    note.className = "local-time";
    note.textContent = ` (${sameDay ? "" : `${day}, `}${hour.replace(/\s/, " ").toLowerCase()} where you are)`;
    time.after(note);
  };

  // The two largest units, as the server says them; a span under a minute in seconds.
  const spanOfTwo = (seconds) => {
    const place = UNITS.findIndex(([, size]) => seconds >= size);
    if (place < 0 || place >= 2) return span(seconds);
    const [, length] = UNITS[place];
    const rest = Math.floor((seconds % length) / UNITS[place + 1][1]);
    return span(seconds) + (rest ? `, ${span(rest * UNITS[place + 1][1])}` : "");
  };

  // Seconds are counted from what the server said, because the reader's clock may be wrong.
  const seen = new WeakMap();
  const tick = () => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      if (!seen.has(time)) seen.set(time, performance.now());
      const words = `${span(Number(time.dataset.ago) + (performance.now() - seen.get(time)) / 1000)} ago`;
      if (time.textContent !== words) time.textContent = words;
    }
    for (const left of document.querySelectorAll("[data-left]")) {
      if (!seen.has(left)) seen.set(left, performance.now());
      const seconds = Math.max(0, Number(left.dataset.left) - (performance.now() - seen.get(left)) / 1000);
      const words = spanOfTwo(seconds);
      if (left.textContent !== words) left.textContent = words;
    }
  };

  const enhance = (root) => {
    for (const time of root.querySelectorAll("time[data-local-time]")) sayLocally(time);
  };

  enhance(document);
  tick();
  document.addEventListener("htmx:load", (event) => {
    enhance(event.detail.elt);
    tick();
  });
  setInterval(tick, 1000);
})();
