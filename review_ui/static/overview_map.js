// The map of districts: our own borders, no tiles, nothing from elsewhere. What it shows is read from the list beside it,
// which is the same in words. A district with an open signal gets one and the same look, however many there are.
(() => {
  "use strict";

  const box = document.getElementById("kaart");
  if (!box || !window.L) return;
  const borders = new Map();
  let marks = [];

  function draw(map) {
    const focused = marks.find((mark) => mark.getElement() === document.activeElement)?.options.district;
    for (const mark of marks) mark.remove();
    marks = [];
    for (const { layer, name } of borders.values()) {
      layer.getElement()?.classList.remove("district--open");
      name.getElement()?.removeAttribute("hidden");
    }
    for (const here of document.querySelectorAll("#wijken [data-district]")) {
      const district = borders.get(here.dataset.district);
      if (!district) continue;
      district.layer.getElement()?.classList.add("district--open");
      district.name.getElement()?.setAttribute("hidden", "");
      const words = document.createElement("span");
      const sign = document.createElement("strong");
      sign.textContent = `${here.dataset.sign} ${here.dataset.number}`;
      words.append(sign, ` ${district.called}`);
      const icon = L.divIcon({ className: "district-mark", html: words, iconSize: null });
      const mark = L.marker(district.middle, { icon, keyboard: true, district: here.dataset.district }).addTo(map);
      mark.getElement().setAttribute("aria-label", here.dataset.says);
      const go = () => {
        const list = document.getElementById(here.id);
        list?.scrollIntoView({ block: "start" });
        list?.focus({ preventScroll: true });
      };
      mark.on("click", go);
      mark.getElement().addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        go();
      });
      marks.push(mark);
      if (here.dataset.district === focused) mark.getElement().focus({ preventScroll: true });
    }
  }

  async function start() {
    const answer = await fetch(box.dataset.districts);
    if (!answer.ok) return;
    const { features } = await answer.json();
    box.hidden = false;
    const map = L.map(box, {
      attributionControl: false,
      zoomControl: false,
      scrollWheelZoom: false,
      zoomAnimation: false,
      fadeAnimation: false,
      markerZoomAnimation: false,
      minZoom: 8,
      maxZoom: 13,
      zoomSnap: 0.25,
      zoomDelta: 0.5,
    });
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.dataset.label);
    L.control.zoom({ zoomInTitle: box.dataset.closer, zoomOutTitle: box.dataset.further }).addTo(map);
    const areas = features.map((feature) => L.geoJSON(feature, { interactive: false, style: { className: "district" } }));
    const home = L.latLngBounds([]);
    areas.forEach((area, at) => features[at].properties.home && home.extend(area.getBounds()));
    map.fitBounds(home, { animate: false });
    for (const [at, feature] of features.entries()) {
      const layer = areas[at].addTo(map);
      const [x, y] = feature.properties.label;
      const words = document.createElement("span");
      words.textContent = feature.properties.name;
      const icon = L.divIcon({ className: "district-name", html: words, iconSize: null });
      const name = L.marker([y, x], { icon, interactive: false, keyboard: false }).addTo(map);
      name.getElement().setAttribute("aria-hidden", "true");
      borders.set(feature.id, { layer: layer.getLayers()[0], name, middle: [y, x], called: feature.properties.name });
    }
    draw(map);
    document.addEventListener("overview:redrawn", () => draw(map));
  }

  start().catch(() => {
    box.hidden = true; // the list says the same
  });
})();
