/* A map whose ground is drawn here: rings of miles and the names around. No other host is asked for anything, unless
   the installation names one for its tiles. */

const METRES_PER_MILE = 1609.344;
const RINGS = { 0.5: "half a mile", 1: "1 mile", 3: "3 miles", 5: "5 miles", 10: "10 miles", 25: "25 miles" };
const TOUCHING = 30; // pixels: pins that are closer become one
const ROOM = [72, 52]; // pixels at the sides, above and below: no pin lies beneath the buttons, or over the edge
const CLOSEST = 15; // zoom: no nearer at first, however close the pins are
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

let library = null;

/** Leaflet, fetched once and only when a map is to be seen. */
function leaflet({ script, style }) {
  library ??= new Promise((resolve, reject) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
    const code = Object.assign(document.createElement("script"), { src: script });
    const styled = new Promise((done) => { sheet.onload = done; });
    code.onload = () => styled.then(() => resolve(window.L));
    code.onerror = reject;
    document.head.append(sheet, code);
  });
  return library;
}

/** Draws the map in `element`, with a pin for each of the `cards` and both linked. Returns a promise of the map. */
export async function drawMap(element, cards) {
  const L = await leaflet(element.dataset);
  const { latitude, longitude, miles, middle, tiles, attribution } = element.dataset;
  const centre = L.latLng(latitude, longitude);
  const map = L.map(element, {
    attributionControl: Boolean(tiles),
    scrollWheelZoom: false, // whoever scrolls the page over it means the page
    zoomSnap: 0.25,
    minZoom: 8,
    maxZoom: 17,
    zoomAnimation: !STILL,
    fadeAnimation: !STILL,
    markerZoomAnimation: !STILL,
  });
  map.attributionControl?.setPrefix(false);
  const pins = [...cards].map((card) => ({ card, at: L.latLng(card.dataset.latitude, card.dataset.longitude) }));
  const points = pins.map((pin) => pin.at);
  // As far on the other side of the place that was asked for, which is then in the middle.
  if (middle) points.push(...points.map(({ lat, lng }) => [2 * centre.lat - lat, 2 * centre.lng - lng]));
  const all = L.latLngBounds([centre, ...points]);
  const fit = () => map.fitBounds(all, { padding: ROOM, maxZoom: pins.length ? CLOSEST : CLOSEST - 1, animate: false });
  map.on("resize", fit);
  fit();
  const label = middle && still(L, map, centre, pins.length ? "map-middle" : "map-here", middle).getElement();
  placePins(L, map, pins);
  if (tiles) L.tileLayer(tiles, { attribution }).addTo(map);
  else drawGround(L, map, centre, Number(miles), element.dataset.names, label);
  return map;
}

/** A mark that is looked at and not pressed. */
function still(L, map, at, className, text) {
  const label = document.createElement("span");
  label.textContent = text;
  const icon = L.divIcon({ className, html: label, iconSize: [0, 0] });
  return L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
}

/* --- The ground -------------------------------------------------------------------------------------------------- */

/** Rings, and words that give way to the pins, to the `label` of the middle, and to each other in this order. */
function drawGround(L, map, centre, miles, names, label) {
  const words = label ? [[label]] : [];
  for (const [distance, name] of Object.entries(RINGS).sort(([a], [b]) => b - a)) {
    if (distance > miles || (distance < 1 && miles > 1)) continue;
    const radius = distance * METRES_PER_MILE;
    const bounds = centre.toBounds(2 * radius);
    L.circle(centre, { radius, interactive: false, className: "map-ring" }).addTo(map);
    const ends = [bounds.getNorth(), bounds.getSouth()];
    words.push(ends.map((end) => still(L, map, [end, centre.lng], "map-distance", name).getElement()));
  }
  const compass = document.createElement("span");
  compass.className = "map-north";
  compass.setAttribute("aria-hidden", "true");
  compass.textContent = "N";
  map.getContainer().append(compass);
  const tidy = () => makeRoom(map.getContainer(), words);
  map.on("zoomend moveend", tidy);
  tidy();
  nameAround(L, map, centre, Math.min(60, Math.max(6, 2 * miles)), names).then((marks) => {
    words.push(...marks);
    tidy();
  });
}

/** Writes the names around. A map without them is still a map, so that they did not come is not told. */
async function nameAround(L, map, centre, miles, url) {
  const at = `${centre.lat.toFixed(2)},${centre.lng.toFixed(2)}`;
  const response = await fetch(`${url}?${new URLSearchParams({ at, miles })}`).catch(() => null);
  if (!response?.ok) return [];
  const { names } = await response.json();
  const written = new Set();
  return names.map(({ code, name, latitude, longitude }) => {
    const text = name && !written.has(name) ? `${name} ${code}` : code;
    written.add(name);
    return [still(L, map, [latitude, longitude], "map-name", text).getElement()];
  });
}

/** Of words that would lie on each other, on a pin or over the edge, the first stay. Each of `words` is a choice of
    places for the same ones, of which one is enough. */
function makeRoom(container, words) {
  const edge = container.getBoundingClientRect();
  const taken = [...container.querySelectorAll(".pin-shape, .leaflet-control-zoom, .map-north")].map((one) => one.getBoundingClientRect());
  const inside = (box) => box.left > edge.left && box.right < edge.right && box.top > edge.top && box.bottom < edge.bottom;
  const meets = (box, other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
  for (const places of words) {
    let written = false;
    for (const element of places) {
      const text = element.firstChild;
      text.hidden = false;
      const box = text.getBoundingClientRect();
      text.hidden = written || !inside(box) || taken.some((other) => meets(box, other));
      if (text.hidden) continue;
      written = true;
      taken.push(box);
    }
  }
}

/* --- The pins ---------------------------------------------------------------------------------------------------- */

function placePins(L, map, pins) {
  const layer = L.layerGroup().addTo(map);

  function place() {
    const focused = document.activeElement?.closest?.(".pin")?.title;
    layer.clearLayers();
    for (const group of grouped(map, pins)) {
      const marker = pinOf(L, group).addTo(layer);
      group.forEach((pin) => { pin.marker = marker; });
      if (marker.options.title === focused) marker.getElement().focus();
    }
  }

  for (const pin of pins) {
    const mark = (on) => {
      pin.marker.getElement()?.classList.toggle("pin-marked", on);
      pin.marker.setZIndexOffset(on ? 1000 : 0);
    };
    ["mouseenter", "focusin"].forEach((name) => pin.card.addEventListener(name, () => mark(true)));
    ["mouseleave", "focusout"].forEach((name) => pin.card.addEventListener(name, () => mark(false)));
  }
  map.on("zoomend", place);
  place();
}

/** Pins that would lie on each other at this zoom stand together, in the order of the list. */
function grouped(map, pins) {
  const groups = [];
  for (const pin of pins) {
    const point = map.latLngToContainerPoint(pin.at);
    const near = groups.find((group) => group.point.distanceTo(point) < TOUCHING);
    if (near) near.push(pin);
    else groups.push(Object.assign([pin], { point }));
  }
  return groups;
}

/** One pin for a group of cards. Hovered or focused it marks them; pressed it goes to the next of them. */
function pinOf(L, group) {
  const numbers = group.map(({ card }) => card.dataset.number);
  const shape = document.createElement("span");
  shape.className = group.length > 1 ? "pin-shape pin-many" : "pin-shape";
  const text = document.createElement("b");
  text.textContent = numbers.length > 3 ? `${numbers[0]} and ${numbers.length - 1} more` : numbers.join(", ");
  shape.append(text);
  shape.setAttribute("aria-hidden", "true"); // the title says more
  const title = group.map(({ card }) => `${card.dataset.number}: ${card.querySelector("a").textContent}`).join("; ");
  const icon = L.divIcon({ className: "pin", html: shape, iconSize: [30, 38], iconAnchor: [15, 38] });
  const marker = L.marker(group[0].at, { icon, title, riseOnHover: true });
  let next = 0;
  const mark = (on) => group.forEach(({ card }) => card.classList.toggle("result-marked", on));
  const go = () => {
    const { card } = group[next % group.length];
    next += 1;
    card.scrollIntoView({ block: "nearest", behavior: STILL ? "auto" : "smooth" });
    card.querySelector("a").focus({ preventScroll: true });
  };
  marker.on("mouseover", () => mark(true)).on("mouseout", () => mark(false)).on("click", go);
  marker.on("add", () => {
    const element = marker.getElement();
    element.addEventListener("focus", () => mark(true));
    element.addEventListener("blur", () => mark(false));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      go();
    });
  });
  return marker;
}
