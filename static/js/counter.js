/* The counter without a network: each press is kept on the phone, and forgotten when the server says that it has it.

   A press gets its id here, so that it counts once however often it is sent. Each is an item of its own in
   localStorage: two tabs never write over each other's. Without that storage the form posts as it would without
   JavaScript. */

const UNDO = 10_000; // milliseconds during which a press can be taken back, and is not sent yet
const AGAIN = 60_000; // milliseconds between attempts
const BATCH = 200;

const form = document.querySelector("[data-counter]");
const part = (name) => form.querySelector(`[data-${name}]`);
const KEPT = `tap ${location.pathname} `;
const KNOWN = `counted ${location.pathname}`;

/* --- What this phone holds --------------------------------------------------------------------------------------- */

/** The day here, as 2026-11-22. */
function day() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

function waiting() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(KEPT))
    .map((key) => ({ id: key.slice(KEPT.length), ...JSON.parse(localStorage.getItem(key)) }));
}

/** What the server had counted when it was heard last: in this page, or since. */
function known() {
  const written = JSON.parse(form.dataset.soFar);
  const heard = JSON.parse(localStorage.getItem(KNOWN) ?? "null");
  return heard && heard.at > written.at ? heard : written;
}

/** The answer to "can a press be kept here?", asked by keeping one. */
function canKeep() {
  try {
    localStorage.setItem(KNOWN, JSON.stringify(known()));
    return typeof crypto.randomUUID === "function"; // there is none on an address without https
  } catch {
    return false;
  }
}

/* --- What is shown ------------------------------------------------------------------------------------------------ */

const plural = (number) => (number === 1 ? "1 waits" : `${number} wait`);

function show() {
  const today = day();
  const kept = waiting();
  const counted = known();
  const month = today.slice(0, 7);
  const before = counted.day === today ? counted.today : 0;
  const beforeThisMonth = counted.day.startsWith(month) ? counted.month : 0;
  part("today").textContent = before + kept.filter((tap) => tap.on === today).length;
  part("month").textContent = beforeThisMonth + kept.filter((tap) => tap.on.startsWith(month)).length;
  const held = navigator.onLine ? kept.filter(isDue).length : kept.length; // offline the last press waits too
  part("waiting").textContent = held ? `${plural(held)} on this phone to be sent when there is a network.` : "";
}

function say(text) {
  part("said").textContent = text;
}

/* --- Pressing, and taking it back --------------------------------------------------------------------------------- */

let last = null; // the id of the press that can be taken back
let closing = null;

function press(button) {
  const tap = { on: day(), need: button.value, at: Date.now() };
  last = crypto.randomUUID();
  localStorage.setItem(KEPT + last, JSON.stringify(tap));
  say(tap.need ? `Counted: ${button.textContent}.` : "Counted.");
  part("undo").hidden = false;
  clearTimeout(closing);
  closing = setTimeout(close, UNDO);
  show();
}

function close() {
  clearTimeout(closing);
  last = null;
  if (document.activeElement === part("undo")) form.querySelector(".counter-press").focus();
  part("undo").hidden = true;
  send();
}

function undo() {
  localStorage.removeItem(KEPT + last);
  say("Taken back.");
  close();
  show();
}

/* --- Sending ------------------------------------------------------------------------------------------------------ */

/** Whether a press can no longer be taken back. A clock that was put right does not hold it up. */
function isDue(tap) {
  return tap.id !== last || Math.abs(Date.now() - tap.at) >= UNDO;
}

let sending = false;

async function send() {
  const taps = waiting().filter(isDue).slice(0, BATCH).map(({ id, on, need }) => ({ id, on, need }));
  if (sending || !taps.length) return show();
  sending = true;
  let more = false;
  try {
    const response = await fetch(form.dataset.tapsUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ taps }),
      credentials: "omit",
      keepalive: true, // a phone is put away as soon as the button is pressed
    });
    const answer = await response.json();
    if (response.ok) {
      forget(answer);
      more = taps.length === BATCH;
    } else {
      say(answer.detail);
    }
  } catch {
    // No network, or no answer that can be read: all of it is kept, and sent again.
  } finally {
    sending = false;
  }
  show();
  if (more) send();
}

function forget({ counted, refused, so_far: soFar }) {
  localStorage.setItem(KNOWN, JSON.stringify(soFar));
  [...counted, ...Object.keys(refused)].forEach((id) => localStorage.removeItem(KEPT + id));
  const reasons = new Set(Object.values(refused));
  if (reasons.size) say(`${Object.keys(refused).length} could not be counted. ${[...reasons].join(" ")}`);
}

/* --- The page ----------------------------------------------------------------------------------------------------- */

if (canKeep()) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press(event.submitter);
  });
  part("undo").addEventListener("click", undo);
  window.addEventListener("online", send);
  window.addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : send()));
  setInterval(send, AGAIN);
  send();
}

if ("serviceWorker" in navigator) {
  try {
    await navigator.serviceWorker.register(form.dataset.workerUrl, { scope: location.pathname });
  } catch {
    say("This browser cannot open the page without a network. Leave it open to count offline.");
  }
}
