// Explained words: their meaning beside them on hover, focus and tap. The same meanings stand in the list below the
// text, so without this script nothing is lost. All words of a text are one tab stop: the arrow keys go between them.
(() => {
  "use strict";

  const reading = document.querySelector(".reading");
  const words = [...document.querySelectorAll(".reading [data-begins]")];
  if (!reading || !words.length) return;

  const GRACE = 250; // time to move the pointer from the word to its meaning
  const note = document.createElement("div");
  note.className = "slang-note";
  note.id = "woord-uitleg";
  note.popover = "manual";
  note.setAttribute("role", "tooltip");
  reading.after(note);

  let shown = null;
  let leaving = 0;

  function place(word) {
    const at = word.getClientRects()[0];
    const room = 8;
    const left = Math.max(room, Math.min(at.left, innerWidth - note.offsetWidth - room));
    const below = at.bottom + 6;
    const fits = below + note.offsetHeight + room <= innerHeight;
    note.style.left = `${left}px`;
    note.style.top = `${fits ? below : Math.max(room, at.top - note.offsetHeight - 6)}px`;
  }

  function show(word) {
    clearTimeout(leaving);
    if (shown === word) return;
    const meaning = document.getElementById(word.dataset.word);
    note.replaceChildren(...[...meaning.childNodes].map((node) => node.cloneNode(true)));
    shown?.classList.remove("slang--open");
    shown = word;
    word.classList.add("slang--open");
    note.showPopover();
    place(word);
  }

  function hide() {
    clearTimeout(leaving);
    if (!shown) return;
    shown.classList.remove("slang--open");
    shown = null;
    note.hidePopover();
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => document.activeElement === shown || hide(), GRACE);
  }

  function go(word) {
    words.forEach((other) => (other.tabIndex = other === word ? 0 : -1));
    word.focus();
  }

  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  words.forEach((word, at) => {
    word.setAttribute("role", "button");
    word.setAttribute("aria-describedby", word.dataset.word);
    word.tabIndex = at === 0 ? 0 : -1;
    word.addEventListener("focus", () => show(word));
    word.addEventListener("blur", hide);
    word.addEventListener("click", () => show(word));
    word.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const to = steps[event.key] ? words[(at + steps[event.key] + words.length) % words.length]
        : event.key === "Home" ? words[0] : event.key === "End" ? words.at(-1) : null;
      if (to) go(to);
      else if (event.key === "Enter" || event.key === " ") shown ? hide() : show(word);
      else return;
      event.preventDefault();
    });
  });

  // Any piece of a word answers the pointer; a fact may begin or end within it.
  let begun = null;
  document.querySelectorAll(".reading .slang").forEach((piece) => {
    const word = piece.hasAttribute("data-begins") ? (begun = piece) : begun;
    piece.addEventListener("pointerenter", () => show(word));
    piece.addEventListener("pointerleave", leave);
  });
  note.addEventListener("pointerenter", () => clearTimeout(leaving));
  note.addEventListener("pointerleave", leave);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    hide();
    event.stopImmediatePropagation();
  }, true);
  addEventListener("scroll", () => shown && place(shown), { capture: true, passive: true });
  addEventListener("resize", hide);
})();
