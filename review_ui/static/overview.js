// The board, or the list beside the map, is drawn anew when the queue changes, and every minute for the time that is left. Nothing jumps: the line in
// focus, else the one under the pointer, else (further down the page) the first one in sight stays where it is.
(() => {
  "use strict";

  const part = () => document.querySelector("[data-redraw]");
  if (!part() || !window.EventSource) return;
  const CALM = 1500;
  const MINUTE = 60_000;
  const lines = () => [...document.querySelectorAll("[data-redraw] [data-line]")];
  let drawing = false;
  let again = null;

  function anchor() {
    const focused = document.activeElement?.closest?.("[data-redraw] [data-line]");
    const pointed = document.querySelector("[data-redraw] [data-line]:hover");
    const first = window.scrollY > 0 ? lines().find((one) => one.getBoundingClientRect().bottom > 0) : null;
    const kept = focused ?? pointed ?? first;
    const link = document.activeElement?.closest?.("[data-redraw] a")?.getAttribute("href");
    const district = document.activeElement?.closest?.("[data-redraw] [id]")?.id; // that a marker led to
    return { link, district, line: kept?.dataset.line, top: kept?.getBoundingClientRect().top, inLine: Boolean(focused) };
  }

  async function draw() {
    if (drawing || document.hidden) return;
    drawing = true;
    try {
      const answer = await fetch(part().dataset.redraw);
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-redraw]");
      if (!fresh) return;
      const before = anchor();
      part().replaceWith(fresh);
      document.dispatchEvent(new Event("overview:redrawn"));
      const same = before.line && lines().find((one) => one.dataset.line === before.line);
      if (same) window.scrollBy({ top: same.getBoundingClientRect().top - before.top, behavior: "instant" });
      const scope = before.inLine ? same : fresh;
      const link = before.link && scope?.querySelector(`a[href="${CSS.escape(before.link)}"]`);
      (link ?? (before.district && document.getElementById(before.district)))?.focus({ preventScroll: true });
    } finally {
      drawing = false;
    }
  }

  // Many changes close together are one look.
  const soon = () => {
    again ??= setTimeout(() => {
      again = null;
      draw().catch(() => {});
    }, CALM);
  };

  const events = new EventSource("/queue/events");
  events.addEventListener("queue", soon);
  setInterval(soon, MINUTE);
  document.addEventListener("visibilitychange", soon);
  window.addEventListener("pagehide", () => events.close());
})();
