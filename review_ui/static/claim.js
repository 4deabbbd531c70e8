// Keeps the signal in hand while its reader is busy with it, and says how long it still is.
(() => {
  "use strict";

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
