"use strict";
(() => {
  // Contents: open beside the text on a desk, closed above it on a phone, and marked where the reader is.
  const contents = document.getElementById("contents");
  const wide = window.matchMedia("(min-width: 70rem)");
  const settle = () => { contents.open = wide.matches; };
  wide.addEventListener("change", settle);
  settle();
  const links = new Map([...contents.querySelectorAll("a")].map(link => [decodeURIComponent(link.hash.slice(1)), link]));
  contents.addEventListener("click", event => {
    if (event.target.closest("a") && !wide.matches) contents.open = false;
  });
  const headings = [...document.querySelectorAll("main h2, main h3")].map(heading =>
    [heading, links.get(heading.id || heading.closest("[id]").id)]).filter(pair => pair[1]);
  const mark = () => {
    let here = null;
    for (const pair of headings) if (pair[0].getBoundingClientRect().top < 160) here = pair;
    for (const [, link] of headings) link.removeAttribute("aria-current");
    if (here) here[1].setAttribute("aria-current", "location");
  };
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();

  // Sortable tables: a button in each heading; numbers by value, everything else by the alphabet.
  const number = text => {
    const found = text.replace(/\u2212/g, "-").replace(/[,\s]/g, "").match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : NaN;
  };
  const sort = (heading, column) => {
    const body = heading.closest("table").tBodies[0];
    const ascending = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const keyed = [...body.rows].map(row => [row, row.cells[column].textContent.trim()]);
    const numeric = keyed.every(([, text]) => text === "" || /\d/.test(text)) && column > 0;
    keyed.sort(([, a], [, b]) => (numeric ? number(a) - number(b) : a.localeCompare(b, "en")) * (ascending ? 1 : -1));
    body.append(...keyed.map(([row]) => row));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      if (!heading.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(heading, column));
    });
  }

  // Charts: a picture carries what its marks say (seg_utils/reporting/figures/marks.py). Each gets a place over the picture that
  // says it on hover, focus and tap. A chart is one stop of the Tab key; arrow keys go from mark to mark.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // a mark bears the same text as its name
  document.body.append(tip);
  let told = null;
  const hide = () => {
    told = null;
    tip.hidden = true;
  };
  const tell = place => {
    told = place;
    tip.textContent = place.getAttribute("aria-label");
    tip.hidden = false;
    settleTip();
  };
  const settleTip = () => {
    if (!told) return;
    const over = told.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const above = over.top - tip.offsetHeight - 6;
    tip.style.left = `${Math.max(8, Math.min(over.left + over.width / 2 - tip.offsetWidth / 2, room))}px`;
    tip.style.top = `${above > 0 ? above : over.bottom + 6}px`;
  };
  const rest = () => {
    const focused = document.activeElement.closest(".marks > span");
    if (focused) tell(focused);
    else hide();
  };
  window.addEventListener("scroll", settleTip, { passive: true, capture: true });
  document.addEventListener("pointerdown", event => { if (!event.target.closest(".marks")) hide(); });
  const marksOf = picture => {
    const svg = atob(picture.src.slice(picture.src.indexOf(",") + 1));
    const start = svg.lastIndexOf('<g class="marks"'); // what comes after it is escaped
    if (start < 0) return [];
    const marks = `<svg xmlns="http://www.w3.org/2000/svg">${svg.slice(start)}`;
    return [...new DOMParser().parseFromString(marks, "image/svg+xml").querySelectorAll("rect")];
  };
  const placeOf = mark => {
    const place = document.createElement("span");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", mark.textContent);
    place.tabIndex = -1;
    for (const [name, share] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]])
      place.style[name] = mark.getAttribute(share);
    return place;
  };
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  for (const picture of document.querySelectorAll('.figure-frame img[src^="data:image/svg+xml;base64,"]')) {
    const places = marksOf(picture).map(placeOf);
    if (!places.length) continue;
    const plot = document.createElement("div");
    plot.className = "plot";
    const marks = document.createElement("div");
    marks.className = "marks";
    marks.setAttribute("role", "group");
    const figure = picture.closest(".figure-frame").getAttribute("aria-label");
    marks.setAttribute("aria-label", `${figure}, its values: arrow keys go from one to the next`);
    marks.append(...places);
    picture.replaceWith(plot);
    plot.append(picture, marks);
    places[0].tabIndex = 0;
    marks.addEventListener("pointerover", event => { if (event.target !== marks) tell(event.target); });
    marks.addEventListener("pointerout", event => { if (event.pointerType === "mouse") rest(); }); // a tap stays told
    marks.addEventListener("focusin", event => {
      for (const place of places) place.tabIndex = place === event.target ? 0 : -1;
      tell(event.target);
    });
    marks.addEventListener("focusout", hide);
    marks.addEventListener("keydown", event => {
      if (event.key === "Escape") hide();
      if (!(event.key in STEPS)) return;
      event.preventDefault();
      const next = places.indexOf(event.target) + STEPS[event.key];
      places[Math.max(0, Math.min(next, places.length - 1))].focus();
    });
  }

  // The form: answers are computed here, from the model in the page.
  const holder = document.getElementById("customer-form");
  const block = document.getElementById("segment-model");
  if (holder && block) {
    const model = scorer.unpacked(JSON.parse(block.textContent));
    segmentForm(holder, model, values => scorer.answer(model, values));
  }
  const sums = document.getElementById("economics-form");
  const prices = document.getElementById("economics-model");
  if (sums && prices) economicsForm(sums, JSON.parse(prices.textContent));
})();
