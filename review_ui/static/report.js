// The hand-in forms: says why a pasted or dropped picture is not taken, and suggests places while someone types one.
// Both forms work without it.
(() => {
  "use strict";

  const form = document.querySelector("[data-no-pictures]");
  if (!form) return;

  const refusal = document.getElementById("geen-foto");
  const withFile = (items) => Boolean(items && [...items.items].some((item) => item.kind === "file"));
  const refuse = (event) => {
    event.preventDefault();
    refusal.hidden = false;
    refusal.scrollIntoView({ block: "nearest" });
  };
  // Words that come along with a picture, as from a text editor, may be pasted.
  form.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (withFile(data) && !data.getData("text/plain")) refuse(event);
  });
  form.addEventListener("dragover", (event) => withFile(event.dataTransfer) && event.preventDefault());
  form.addEventListener("drop", (event) => withFile(event.dataTransfer) && refuse(event));

  const place = document.getElementById("waar");
  if (!place) return;
  const list = document.getElementById("plaatsen");
  let asking = false;

  async function suggest() {
    const typed = place.value.trim();
    if (typed.length < 2 || [...list.children].some((option) => option.value === typed)) return;
    const answer = await fetch("/melden/plaatsen", {
      method: "POST",
      headers: { "X-CSRF-Token": form.elements.csrf.value },
      body: new URLSearchParams({ waar: typed }),
    });
    if (!answer.ok || answer.redirected) return;
    list.replaceChildren(...(await answer.json()).map((name) => Object.assign(document.createElement("option"), { value: name })));
  }

  // One question at a time; what was typed meanwhile is asked next.
  place.addEventListener("input", async () => {
    if (asking) return;
    asking = true;
    let asked;
    do {
      await new Promise((resolve) => setTimeout(resolve, 150));
      asked = place.value;
      await suggest().catch(() => {});
    } while (asked !== place.value);
    asking = false;
  });
})();
