/* What pages gain from JavaScript. Every page works without it. */

const announcement = document.getElementById("announcement");

/** Says `text` to a screen reader; `shown` puts it at the top of the page as well. */
function announce(text, shown = false) {
  if (!shown) {
    announcement.textContent = text;
    return;
  }
  const message = document.createElement("div");
  message.className = "message message-error";
  message.textContent = text;
  document.getElementById("messages").replaceChildren(message);
  message.scrollIntoView({ block: "nearest" });
}

/* --- A form is sent once, however often its button is pressed -------------------------------------------------- */

const SENT_FOR = 10_000; // milliseconds; a form that answers with a file leaves the page standing

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[type=submit]").forEach((button) => button.removeAttribute("aria-disabled"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Not `disabled`: a disabled button's own name and value would not be sent.
  form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
  setTimeout(release, SENT_FOR, form);
});

// The page comes back from the browser's memory as it was left.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

/* --- Copy: <button data-copy="#id" hidden> ----------------------------------------------------------------------- */

if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.value ?? source.innerText.trim());
    announce("Copied");
    button.dataset.label ??= button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
  } catch {
    announce("That could not be copied. Select the text and copy it by hand.", true);
  }
});

/* --- Saved as typed: <form data-autosave-url="…"> with [data-autosave-status] ------------------------------------ */

const PAUSE = 1200; // milliseconds without typing

function autosave(form) {
  const status = document.querySelector("[data-autosave-status]");
  let timer = null;
  let request = null;
  let changed = false;

  function say(text) {
    if (status.textContent !== text) status.textContent = text; // the same words again are not read out again
  }

  async function save() {
    clearTimeout(timer);
    if (request || !changed) return; // what was typed meanwhile is saved when the running request has ended
    changed = false;
    request = new AbortController();
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        keepalive: document.hidden,
        signal: request.signal,
      });
      if (response.redirected) say("Not saved: please log in again");
      else if (!response.ok) say("Not saved: we will try again as you type");
      else say(`Saved ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`);
      if (changed) soon();
    } catch (error) {
      if (error.name === "AbortError") return;
      changed = true;
      say("Not saved: you are offline");
    } finally {
      request = null;
    }
  }

  function soon() {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", soon);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  form.addEventListener("submit", () => {
    // The form itself is on its way: a draft saved after it would outlive it.
    changed = false;
    clearTimeout(timer);
    request?.abort();
  });
}

document.querySelectorAll("form[data-autosave-url]").forEach(autosave);

/* --- Passkeys: shown where the browser can use them, with words when one fails ----------------------------------- */

// A passkey belongs to a host name: at a bare address (127.0.0.1) there are none.
if (window.PublicKeyCredential && /[a-z]/i.test(window.location.hostname)) {
  document.querySelectorAll("[data-needs-passkeys]").forEach((element) => { element.hidden = false; });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  announce("The passkey was not used. Try again, or choose another way.", true);
});

/* --- htmx: what did not arrive is said ---------------------------------------------------------------------------- */

document.addEventListener("htmx:responseError", () => announce("That did not work. Reload the page and try again.", true));
document.addEventListener("htmx:sendError", () => announce("You are offline, so that was not done. Try again.", true));
