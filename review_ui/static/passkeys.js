// Passkeys: asks the browser to make or use one, and hands its answer in with the form, like any form. Without this script,
// or in a browser that knows no passkeys, nothing of it shows and the password is the way in.
(() => {
  "use strict";

  const form = document.querySelector("[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const { passkey: act, passkeyAsk: ask, passkeyHome: home, passkeyTo: to } = form.dataset;

  document.querySelector("[data-passkey-without]")?.remove();
  if (location.origin !== home) {
    // A key belongs to one address; at another the browser would refuse it.
    document.querySelector("[data-passkey-elsewhere]")?.removeAttribute("hidden");
    return;
  }
  const press = form.querySelector("[data-passkey-press]");
  (press?.closest("[data-passkey-part]") ?? form).removeAttribute("hidden");

  const bytes = (words) =>
    Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const words = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  function say(code) {
    for (const line of form.querySelectorAll("[data-passkey-said]")) line.hidden = line.dataset.passkeySaid !== code;
  }

  function asked(options) {
    const user = options.user && { ...options.user, id: bytes(options.user.id) };
    const known = named(options.excludeCredentials);
    const whole = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    return { publicKey: act === "create" ? { ...whole, user, excludeCredentials: known } : whole };
  }

  function answered(key) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[part]) response[part] = words(key.response[part]);
    }
    return JSON.stringify({ id: key.id, rawId: words(key.rawId), type: key.type, response });
  }

  // Why it ended, as far as a browser tells: somebody stopped or waited too long, or this device has a key already.
  const WHY = { NotAllowedError: "stopped", AbortError: "stopped", InvalidStateError: "known" };

  async function go() {
    say("");
    const fields = form.elements;
    const body = new URLSearchParams();
    if (act === "create") {
      body.set("naam", fields.naam.value);
      body.set("wachtwoord", fields.wachtwoord.value);
    }
    const got = await fetch(ask, { method: "POST", headers: { "X-CSRF-Token": fields.csrf.value }, body });
    // Whatever is no JSON (a page that says the form is too old) is said as "failed".
    const told = await got.json();
    if (!got.ok) return say(told.problem ?? "failed");
    say("look");
    const key = await navigator.credentials[act](asked(told));
    fields.sleutel.value = answered(key);
    // The password did its work; it need not travel twice.
    for (const field of form.querySelectorAll("input:not([type=hidden])")) field.disabled = true;
    if (to) form.action = to;
    form.submit();
  }

  let busy = false;
  async function start(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await go();
    } catch (error) {
      say(WHY[error.name] ?? "failed");
    }
    busy = false;
  }

  press ? press.addEventListener("click", start) : form.addEventListener("submit", start);
})();
