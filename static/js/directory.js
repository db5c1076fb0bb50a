/* The directory: the visitor's own place, the map beside the list, and a listing's print button. All works without. */

import { drawMap } from "./map.js";

const WIDE = matchMedia("(min-width: 62rem)"); // as in directory.css: the map stands beside the list
const REMEMBERED = "directory-map"; // "shown" or "hidden", while the tab is open

/* --- Use my location -------------------------------------------------------------------------------------------- */

const here = document.querySelector("[data-needs-location]");
const DECIMALS = 3; // of a degree: to a hundred yards, which is near enough and tells nobody the door

const REFUSALS = {
  1: "Your browser may not tell us where you are. Type a postcode or a town instead.",
  2: "Your device does not know where it is. Type a postcode or a town instead.",
  3: "That took too long. Try again, or type a postcode or a town.",
};

if (here && navigator.geolocation) {
  const form = document.getElementById("search");
  const status = document.getElementById("near-status");
  here.hidden = false;
  here.querySelector("[data-use-location]").addEventListener("click", () => {
    status.textContent = "Looking for where you are…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        status.textContent = "";
        form.elements.near.value = `${coords.latitude.toFixed(DECIMALS)},${coords.longitude.toFixed(DECIMALS)}`;
        form.requestSubmit();
      },
      ({ code }) => { status.textContent = REFUSALS[code]; },
      { timeout: 10_000, maximumAge: 300_000 }, // milliseconds
    );
  });
}

/* --- The map: shown beside the list, behind a button on a phone; drawn when it is first seen --------------------- */

let map = null;

function showMap(side, shown) {
  const toggle = side.querySelector("[data-map-toggle]");
  side.dataset.map = shown ? "shown" : "hidden";
  toggle.setAttribute("aria-expanded", String(shown));
  toggle.textContent = shown ? "Hide the map" : "Show the map";
  if (shown && !map) map = drawMap(side.querySelector(".map"), document.querySelectorAll("[data-number]"));
}

function begin() {
  map?.then((drawn) => drawn.remove());
  map = null;
  const side = document.querySelector("[data-map-side]");
  if (!side) return;
  const remembered = sessionStorage.getItem(REMEMBERED);
  showMap(side, remembered ? remembered === "shown" : WIDE.matches);
  side.querySelector("[data-map-toggle]").addEventListener("click", () => {
    const shown = side.dataset.map !== "shown";
    sessionStorage.setItem(REMEMBERED, shown ? "shown" : "hidden");
    showMap(side, shown);
  });
}

begin();

/* --- Print: <button data-print hidden> ---------------------------------------------------------------------------- */

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

/* --- What htmx brings in ------------------------------------------------------------------------------------------ */

let left = {}; // the filters as they were: open or not, and which of them had the focus

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "found") return;
  left = { open: Boolean(document.getElementById("narrow")?.open), focused: document.activeElement.id };
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "found") return;
  const filters = document.getElementById("narrow");
  if (filters) filters.open = left.open;
  // htmx gives the focus back too, but not to what lies in closed filters.
  if (left.focused && document.activeElement === document.body) document.getElementById(left.focused)?.focus({ preventScroll: true });
  detail.target.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = !navigator.clipboard; });
  begin();
  // On a phone what was found lies below the form.
  if (detail.requestConfig.triggeringEvent?.type === "submit" && !WIDE.matches) detail.target.scrollIntoView();
});
