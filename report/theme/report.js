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

  // The form: answers are computed here, from the model in the page.
  const holder = document.getElementById("customer-form");
  const block = document.getElementById("segment-model");
  if (holder && block) {
    const model = scorer.unpacked(JSON.parse(block.textContent));
    segmentForm(holder, model, values => scorer.answer(model, values));
  }
})();
