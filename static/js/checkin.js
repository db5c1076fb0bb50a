/* Scanning at the door. Each scan is kept on the phone under a key of its own, and forgotten when the server has said
   what became of it: so none is lost without a network, and none counts twice however often it is sent. What is kept is
   the code, the session and the time; no names. */

const AGAIN = 4_000; // milliseconds in which the same code is not looked at twice
const SOONEST = 3_000; // milliseconds between attempts to send, doubled up to the longest
const LONGEST = 60_000;
const FRESH = 5 * 60_000; // milliseconds that the list of good codes is used before it is asked for anew
const BATCH = 50;
const WIDTH = 640; // pixels, of what is looked at

const door = document.querySelector("[data-door]");
const part = (name) => door.querySelector(`[data-${name}]`);
const { scansUrl, codesUrl, workerUrl, logInUrl, decoderUrl } = door.dataset;
const KEPT = `scan ${scansUrl} `;
const GOOD = `codes ${codesUrl}`;
const chosen = new URLSearchParams(location.search).get("item");
const item = Number(door.dataset.item ?? chosen) || null;
const tones = ["is-good", "is-warn", "is-bad"];
let lastCode = "";
let lastAt = 0;
let lastKey = "";
let pause = SOONEST;
let sending = false;
let timer = 0;

/* --- What this phone holds --------------------------------------------------------------------------------------- */

function waiting() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(KEPT))
    .map((key) => ({ key: key.slice(KEPT.length), ...JSON.parse(localStorage.getItem(key)) }))
    .sort((one, other) => one.at.localeCompare(other.at));
}

const known = () => JSON.parse(localStorage.getItem(GOOD) ?? "null") ?? { codes: [], csrf: "", at: 0 };

/** The code in what was read: the end of the address that a ticket's QR code holds. */
function codeOf(text) {
  return text.trim().replace(/\/+$/, "").split("/").pop().replaceAll(" ", "").toUpperCase();
}

async function hashOf(code) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
}

/* --- What is shown ------------------------------------------------------------------------------------------------ */

function say(tone, title, text) {
  const box = part("result");
  box.classList.remove(...tones);
  box.classList.add(`is-${tone}`);
  const heading = document.createElement("strong");
  heading.textContent = title;
  box.replaceChildren(heading, text);
  box.hidden = false;
  navigator.vibrate?.(tone === "good" ? 80 : [120, 80, 120]);
}

function showWaiting() {
  const count = waiting().length;
  const scans = count === 1 ? "1 scan is" : `${count} scans are`;
  part("waiting").textContent = count ? `${scans} kept on this phone and will be sent.` : "";
}

/** Without the server: whether the code is one of those that it told us of. */
async function judgeAlone(scan) {
  if (scan.key !== lastKey) return;
  const good = known();
  if (!good.at) return say("warn", "Kept", "There is no network to look it up. It will be sent.");
  if (good.codes.includes(await hashOf(codeOf(scan.code)))) {
    say("good", "Looks right", "There is no network. It is kept and will be sent.");
  } else {
    say("bad", "Not on our list", "Send them to the desk. It is kept and will be looked up.");
  }
}

/* --- Scanning and sending ----------------------------------------------------------------------------------------- */

function take(text) {
  const now = Date.now();
  if (text === lastCode && now - lastAt < AGAIN) {
    lastAt = now; // it is still before the camera
    return;
  }
  [lastCode, lastAt, lastKey] = [text, now, crypto.randomUUID()];
  const scan = { code: text.slice(0, 200), item, at: new Date(now).toISOString() };
  localStorage.setItem(KEPT + lastKey, JSON.stringify(scan));
  showWaiting();
  pause = SOONEST;
  if (navigator.onLine) send();
  else judgeAlone({ key: lastKey, ...scan });
}

async function send() {
  if (sending) return;
  const batch = waiting().slice(0, BATCH);
  if (!batch.length) return;
  sending = true;
  clearTimeout(timer);
  let heard = false;
  try {
    const response = await fetch(scansUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": known().csrf },
      body: JSON.stringify(batch),
    });
    heard = await answered(response);
  } catch {
    for (const scan of batch) await judgeAlone(scan);
  }
  sending = false;
  showWaiting();
  if (heard) {
    pause = SOONEST;
    if (waiting().length) send();
  } else {
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, LONGEST);
  }
}

/** Takes in what the server says; false when it could not be asked. */
async function answered(response) {
  if (response.redirected || response.status === 403) {
    await learn(); // the token may be an old one
    const text = "Everything is kept on this phone. Open the check-in page again, and log in.";
    if (!known().csrf || response.redirected) say("bad", "You are logged out", text);
    return false;
  }
  if (response.status === 404) {
    say("bad", "This door is not yours any more", "What was scanned is kept. Ask the office.");
    return false;
  }
  if (!response.ok) return false;
  for (const result of (await response.json()).results) {
    localStorage.removeItem(KEPT + result.key);
    if (result.key === lastKey) say(result.tone, result.title, result.text);
  }
  return true;
}

/** Asks for the hashes of good codes, and for the token that a form has. */
async function learn() {
  try {
    const response = await fetch(codesUrl, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    localStorage.setItem(GOOD, JSON.stringify({ ...(await response.json()), at: Date.now() }));
  } catch {
    // without a network the codes that are known go on being used
  }
}

/* --- The camera --------------------------------------------------------------------------------------------------- */

/** A function that reads the code in a picture: the browser's own where it has one, or the one that we bring. */
async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue;
  }
  if (!window.jsQR) {
    await new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: decoderUrl, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  }
  return async (canvas, context) => {
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data;
  };
}

async function start() {
  const button = part("start");
  button.disabled = true;
  try {
    const read = await reader();
    const video = part("video");
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    part("viewfinder").hidden = false;
    await video.play();
    button.hidden = true;
    look(video, read);
  } catch {
    part("no-camera").hidden = false;
    button.disabled = false;
    button.textContent = "Try the camera again";
  }
}

async function look(video, read) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (;;) {
    if (video.readyState >= video.HAVE_CURRENT_DATA && !document.hidden) {
      canvas.width = Math.min(WIDTH, video.videoWidth);
      canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = await read(canvas, context);
      if (text) take(text);
    }
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
}

/* --- The beginning ------------------------------------------------------------------------------------------------ */

for (const select of document.querySelectorAll("select[data-auto]")) {
  if (chosen && [...select.options].some((option) => option.value === chosen)) select.value = chosen;
  select.addEventListener("change", () => select.form.submit());
  select.form.querySelector("button").hidden = true;
}
const ready = await navigator.serviceWorker?.register(workerUrl).catch(() => null);
if (ready !== undefined && navigator.mediaDevices?.getUserMedia && typeof crypto.randomUUID === "function") {
  part("start").hidden = false;
  part("start").addEventListener("click", start);
} else {
  part("no-camera").hidden = false; // an address without https
}
addEventListener("online", () => {
  pause = SOONEST;
  send();
});
setInterval(() => navigator.onLine && Date.now() - known().at > FRESH && learn(), 30_000);
showWaiting();
await learn();
send();
document.documentElement.dataset.door = "ready";
