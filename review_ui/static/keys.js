// Keys for reading and judging. Silent while someone types, and with Ctrl, Alt or Meta; every key has a button too.
// Which key does what stands on the page: each user may choose others.
(() => {
  "use strict";

  const own = JSON.parse(document.body.dataset.keys ?? "{}");
  const actions = new Map(Object.entries(own).map(([action, key]) => [key.toLowerCase(), action]));
  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const cards = () => [...document.querySelectorAll("#lijst [data-signal]")];
  const openPanel = () => document.querySelector("details.verdict[open]");

  function step(by) {
    const list = cards();
    const at = list.findIndex((card) => card.classList.contains("queue-card--open"));
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
    next?.querySelector(".queue-card__press")?.click();
  }

  function show(panel, focused) {
    panel.open = true;
    panel.querySelector(focused)?.focus();
  }

  function help() {
    const dialog = document.getElementById("toetsen");
    if (!dialog || dialog.open) return;
    dialog.showModal();
  }

  const here = {
    next: () => step(1),
    previous: () => step(-1),
    news: () => document.querySelector("#nieuws:not([hidden])")?.click(),
    adjust,
    help,
  };

  function press(key) {
    const panel = openPanel();
    const reason = panel?.querySelector(`[data-reason-key="${CSS.escape(key)}"]`);
    if (reason) return reason.click();
    const action = actions.get(key);
    if (!action) return;
    if (here[action]) return here[action]();
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return;
    if (found.matches("details")) {
      return found.open ? (found.open = false) : show(found, found.dataset.focus ?? ".verdict__reasons");
    }
    // What cannot be taken back only comes into focus; the reader presses it.
    found.hasAttribute("data-press") ? found.click() : found.focus();
  }

  function adjust() {
    const fields = document.getElementById("aanpassen");
    if (fields) show(fields.closest("details"), "#soort");
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key === "Escape") {
      const panel = openPanel();
      if (panel) {
        panel.open = false;
        panel.querySelector("summary").focus();
      }
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]") || event.key.length !== 1) return;
    const key = event.key.toLowerCase();
    press(key);
    // A key that opens a field must not be the first letter in it.
    if (typing(document.activeElement)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-keys-help], [data-adjust]");
    if (!opener) return;
    event.preventDefault();
    opener.hasAttribute("data-adjust") ? adjust() : help();
  });

  document.querySelector("[data-adjust]")?.removeAttribute("hidden");
})();
