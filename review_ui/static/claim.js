// Keeps the signal in hand while its reader is busy with it, and says how long it still is. Takes an offer to undo away
// when its minute is over, and suggests names of places that a reader may add.
(() => {
  "use strict";

  for (const offer of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(offer.dataset.until) - Date.now();
    const over = () => (offer.parentElement.childElementCount > 1 ? offer : offer.parentElement).remove();
    setTimeout(over, Math.min(Math.max(left, 0), 60_000));
  }

  const place = document.querySelector("[data-places]");
  if (place) {
    const list = document.getElementById(place.getAttribute("list"));
    let asking = null;

    async function suggest() {
      const typed = place.value.trim();
      if (typed.length < 2 || [...list.children].some((option) => option.value === typed)) return;
      const answer = await fetch(place.dataset.places, {
        method: "POST",
        headers: { "X-CSRF-Token": place.form.elements.csrf.value },
        body: new URLSearchParams({ waar: typed }),
      });
      if (!answer.ok || answer.redirected) return;
      list.replaceChildren(...(await answer.json()).map((name) => Object.assign(document.createElement("option"), { value: name })));
    }

    place.addEventListener("input", () => {
      clearTimeout(asking);
      asking = setTimeout(() => suggest().catch(() => {}), 200);
    });
  }

  const claim = document.querySelector("[data-claim-ends]");
  if (!claim) return;
  const RENEW_EVERY = 120_000;
  const BUSY_FOR = 300_000;
  let ends = Date.parse(claim.dataset.claimEnds);
  let lastBusy = Date.now();

  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => (lastBusy = Date.now()), { passive: true, capture: true });
  }

  function lost() {
    claim.textContent = claim.dataset.lost;
    claim.setAttribute("role", "status");
    clearInterval(showing);
    clearInterval(renewing);
  }

  function show() {
    const minutes = Math.max(0, Math.floor((ends - Date.now()) / 60_000));
    claim.querySelector("[data-claim-left]").textContent = `${minutes} min`;
  }

  async function renew() {
    if (document.hidden || Date.now() - lastBusy > BUSY_FOR) return;
    const answer = await fetch(claim.dataset.heartbeat, {
      method: "POST",
      headers: { "X-CSRF-Token": claim.dataset.csrf },
    });
    if (answer.status === 409) return lost();
    if (answer.ok && !answer.redirected) ends = Date.parse((await answer.json()).ends_at);
    show();
  }

  const showing = setInterval(show, 10_000);
  const renewing = setInterval(() => renew().catch(() => {}), RENEW_EVERY);
})();
