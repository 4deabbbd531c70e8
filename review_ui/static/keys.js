// Keys for reading and judging. Silent while someone types, and with Ctrl, Alt or Meta; every key has a button too.
(() => {
  "use strict";

  const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
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

  function press(key) {
    const panel = openPanel();
    const reason = panel?.querySelector(`[data-reason-key="${CSS.escape(key)}"]`);
    if (reason) return reason.click();
    const verdict = document.querySelector(`details.verdict[data-key="${CSS.escape(key)}"]`);
    if (verdict) return verdict.open ? (verdict.open = false) : show(verdict, ".verdict__reasons");
    const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
    if (button) return button.focus();
    if (key === "e") return adjust();
    if (key === "j") return step(1);
    if (key === "k") return step(-1);
    if (key === "n") return document.querySelector("#nieuws:not([hidden])")?.click();
    if (key === "?") return help();
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
    press(event.key.toLowerCase());
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-keys-help], [data-adjust]");
    if (!opener) return;
    event.preventDefault();
    opener.hasAttribute("data-adjust") ? adjust() : help();
  });

  document.querySelector("[data-adjust]")?.removeAttribute("hidden");
})();
