// Live arrival: the server says 'something changed', we ask how many are new, and show a line to press.
// The list itself never moves under a reader's hands.
(() => {
  "use strict";

  const line = () => document.getElementById("nieuws");
  if (!line() || !window.EventSource) return;
  let asking = null;

  async function ask() {
    asking = null;
    const since = document.getElementById("lijst")?.dataset.drawn;
    if (!since) return;
    const answer = await fetch(`/werkvoorraad/nieuw?sinds=${encodeURIComponent(since)}`);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const words = page.body.textContent.trim();
    document.getElementById("nieuws-tekst").textContent = words;
    line().hidden = words === "";
  }

  // Many changes close together are one question.
  const changed = () => (asking ??= setTimeout(() => ask().catch(() => {}), 150));

  const events = new EventSource("/queue/events");
  events.addEventListener("queue", changed);
  window.addEventListener("pagehide", () => events.close());
})();
