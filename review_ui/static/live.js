// Live arrival: the server says 'something changed', we ask how many are new, and show a line to press.
// The list itself never moves under a reader's hands: it is drawn anew only when asked, and what was in sight and in
// focus stays where it was.
(() => {
  "use strict";

  const line = () => document.getElementById("nieuws");
  if (!line() || !window.EventSource) return;
  let asking = null;

  // Who just pressed a button is on the way to another page: until that stands there, nothing here asks anything.
  let pressed = -Infinity;
  document.addEventListener("submit", () => (pressed = performance.now()));
  const soon = () => (performance.now() - pressed < 2000 ? 2000 : 150);

  // htmx draws the list anew in place. Most pages go by without that, so it is fetched when there is something to draw.
  let drawing = null;
  const ableToDraw = () =>
    (drawing ??= new Promise((able) => {
      const script = document.createElement("script");
      script.src = line().dataset.drawnWith;
      script.addEventListener("load", () => setTimeout(able)); // it looks the page over first
      script.addEventListener("error", able); // the line is an ordinary link then
      document.head.append(script);
    }));

  async function ask() {
    asking = null;
    const drawn = document.getElementById("lijst")?.dataset;
    if (!drawn?.since) return;
    const answer = await fetch(`/werkvoorraad/nieuw?${new URLSearchParams({ sinds: drawn.since, had: drawn.had })}`);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const words = page.body.textContent.trim();
    if (words) await ableToDraw();
    document.getElementById("nieuws-tekst").textContent = words;
    line().hidden = words === "";
  }

  // Many changes close together are one question.
  const changed = () => (asking ??= setTimeout(() => ask().catch(() => {}), soon()));

  // What stands on the page by itself (who was sent a signal and what came back) is drawn anew piece by piece: only a
  // piece that differs, so that nothing is read out twice, and what was in focus there stays in focus.
  async function drawAgain(part) {
    const answer = await fetch(part.dataset.again);
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const piece of part.querySelectorAll("[data-piece]")) {
      const other = fresh.querySelector(`[data-piece="${CSS.escape(piece.dataset.piece)}"]`);
      if (!other || other.innerHTML === piece.innerHTML) continue;
      const focused = piece.contains(document.activeElement) ? document.activeElement.id : "";
      piece.replaceChildren(...other.childNodes);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
    if ("calm" in part.dataset) part.hidden = part.textContent.trim() === "";
  }

  // The alarm is seldom there and asked for on every page, so it takes its time.
  const timers = new Map();
  function again() {
    for (const part of document.querySelectorAll("[data-again]")) {
      if (timers.has(part)) continue;
      const draw = () => timers.delete(part) && drawAgain(part).catch(() => {});
      timers.set(part, setTimeout(draw, "calm" in part.dataset ? 3000 : soon()));
    }
  }

  const events = new EventSource("/queue/events");
  events.addEventListener("queue", changed);
  events.addEventListener("queue", again);
  window.addEventListener("pagehide", () => events.close());

  // The card that stays where it is: the one in focus, else the first that is in sight.
  const cards = () => [...document.querySelectorAll("#lijst [data-signal]")];
  const press = (card) => card?.querySelector(".queue-card__press");
  let stays = null;

  document.addEventListener("htmx:before:swap", () => {
    const focused = document.activeElement?.closest?.("#lijst [data-signal]");
    const card = focused ?? cards().find((one) => one.getBoundingClientRect().bottom > 0);
    stays = {
      focused: Boolean(focused),
      inList: Boolean(document.activeElement?.closest?.("#lijst")),
      signal: card?.dataset.signal,
      top: card?.getBoundingClientRect().top,
      known: new Set(cards().map((one) => one.dataset.signal)),
    };
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!stays) return;
    const before = stays;
    stays = null;
    const same = cards().find((one) => one.dataset.signal === before.signal);
    if (same) window.scrollBy({ top: same.getBoundingClientRect().top - before.top, behavior: "instant" });
    if (before.focused) press(same)?.focus({ preventScroll: true });
    else if (before.inList) {
      const fresh = cards().find((one) => !before.known.has(one.dataset.signal));
      press(fresh ?? same ?? cards()[0])?.focus({ preventScroll: true });
    }
  });
})();

// Presence: while this page is in sight it says so, and shows how many colleagues look too.
(() => {
  "use strict";

  const line = document.querySelector("[data-look-on]");
  if (!line) return;
  const EVERY = 10_000;
  const FIRST = 400; // who is gone sooner was not reading along
  let counted = false;

  async function look() {
    if (document.hidden) return;
    counted = true;
    const answer = await fetch(line.dataset.lookOn, {
      method: "POST",
      headers: { "X-CSRF-Token": line.dataset.csrf },
    });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const words = page.body.textContent.trim();
    if (line.textContent.trim() !== words) line.textContent = words;
  }

  function leave() {
    if (!counted) return;
    counted = false;
    const form = new FormData();
    form.set("csrf", line.dataset.csrf);
    navigator.sendBeacon(line.dataset.lookAway, form);
  }

  const again = () => look().catch(() => {});
  setTimeout(again, FIRST);
  setInterval(again, EVERY);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : again()));
  window.addEventListener("pagehide", leave);
})();
