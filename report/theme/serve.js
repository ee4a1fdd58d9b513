"use strict";
// The page of `make serve`: the form answered by requests, a batch to upload and download, and the map.
(() => {
  const by = id => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const drawn = (name, attributes, ...children) => furnished(document.createElementNS(SVG, name), attributes, children);

  let token = "";
  const headers = more => token ? { ...more, Authorization: `Bearer ${token}` } : more;
  const refused = async response => {
    const { detail } = await response.json().catch(() => ({ detail: `the server answered ${response.status}` }));
    const listed = Array.isArray(detail) ? detail : [];
    const error = new Error(listed.map(({ msg }) => msg).join("; ") || String(detail));
    error.status = response.status;
    error.problems = listed.map(({ loc, msg }) => ({ field: loc.at(-1), message: msg }));
    return error;
  };
  const ask = async (path, options = {}) => {
    const response = await fetch(path, { ...options, headers: headers(options.headers) });
    if (!response.ok) throw await refused(response);
    return response;
  };

  // The map: centres, labels that keep clear of one another, and the customer. Drawn for the width there is, so that
  // words are as large on a phone as elsewhere; there, names would lie on other circles and stand in a legend instead.
  const LETTER = 8.8, LINE = 16, NARROW = 520;
  let segments = [], colours = {};
  const drawMap = (customer, first = null) => {
    const customers = [...(first ? [{ name: "First customer", kind: "you first", at: first }] : []),
      ...(customer ? [{ name: first ? "With the change" : "This customer", kind: "you", at: customer }] : [])];
    const width = Math.min(Math.max(by("map").clientWidth || 640, 280), 768);
    const height = 0.5 * width + 120, edge = 50;
    const points = [...segments.map(({ position }) => position), ...customers.map(({ at }) => at.position)];
    const along = (axis, from, to) => {
      const values = points.map(point => point[axis]);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return value => from + (value - least) / (most - least || 1) * (to - from);
    };
    const x = along(0, edge, width - edge), y = along(1, height - edge, edge);
    const taken = [];
    const label = (text, [across, up], below, kind = "") => {
      const half = text.length * LETTER / 2;
      const at = { x: Math.min(Math.max(x(across), half + 4), width - half - 4), y: y(up) + below, half };
      while (taken.some(other => Math.abs(other.y - at.y) < LINE && Math.abs(other.x - at.x) < other.half + half))
        at.y += Math.sign(below) * LINE / 2;
      taken.push(at);
      return drawn("text", { class: kind, x: at.x, y: at.y, "text-anchor": "middle" }, text);
    };
    const size = share => 5 + 0.05 * width * Math.sqrt(share);
    const circles = [...segments].sort((a, b) => b.share - a.share).map(({ cluster_id: id, share, position }) =>
      drawn("circle", { class: `place colour-${colours[id].colour}`, cx: x(position[0]), cy: y(position[1]), r: size(share) }));
    const narrow = width < NARROW;
    const marks = customers.flatMap(({ name, kind, at: { position } }) => [
      drawn("circle", { class: kind, cx: x(position[0]), cy: y(position[1]), r: 8 }),
      ...(narrow ? [] : [label(name, position, -14, kind)]),
    ]);
    const labels = segments.map(one => narrow
      ? drawn("text", { class: "number", x: x(one.position[0]), y: y(one.position[1]) }, one.cluster_id)
      : label(one.cluster_name, one.position, size(one.share) + 13));
    const legend = [...segments.map(one => [one.cluster_id, one.cluster_name]), ...customers.map(({ name, kind }) => [kind === "you" ? "○" : "◌", name])]
      .map(([sign, name]) => element("li", {}, element("b", {}, String(sign)), name));
    const placed = customers.map(({ name, at }) => ` ${name}: ${at.cluster_name}.`).join("");
    const told = `Map of ${segments.length} segments: ${segments.map(one => one.cluster_name).join(", ")}.${placed}`;
    by("map").replaceChildren(drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told },
      ...circles, ...labels, ...marks), ...(narrow ? [element("ul", { class: "legend" }, ...legend)] : []));
  };

  const place = async (inputs, values) => {
    const features = Object.fromEntries(inputs.map((input, i) => [input.name, values[i]]));
    const response = await ask("/predict", { method: "POST", body: JSON.stringify({ features }),
      headers: { "Content-Type": "application/json" } });
    return response.json();
  };

  // The records of a CSV text: what is in quotes may hold commas and line breaks.
  const records = text => {
    const rows = [];
    let row = [];
    for (const [, quoted, plain, end] of text.matchAll(/(?:"([^"]*(?:""[^"]*)*)"|([^,\n]*))(,|\n|$)/g)) {
      row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
      if (end === ",") continue;
      if (row.length > 1) rows.push(row);
      row = [];
    }
    return rows;
  };
  const number = count => count.toLocaleString("en");
  // How many customers are in each segment, the segments in order.
  const table = ([header, ...rows]) => {
    const [segment, persona] = ["segment", "persona"].map(name => header.indexOf(name));
    const counts = new Map();
    for (const row of rows) {
      const found = counts.get(row[segment]) ?? { name: row[persona], customers: 0 };
      found.customers += 1;
      counts.set(row[segment], found);
    }
    const told = [...counts].sort(([a], [b]) => a - b).map(([, { name, customers }]) => element("tr", {},
      element("th", { scope: "row" }, name), element("td", {}, number(customers)),
      element("td", {}, `${Math.round(100 * customers / rows.length)}\u00a0%`)));
    const head = ["Segment", "Customers", "Share"].map(name => element("th", { scope: "col" }, name));
    return element("table", { class: "counts" }, element("caption", { class: "unseen" }, "Customers of each segment"),
      element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...told));
  };

  // A batch: XMLHttpRequest, because fetch tells nothing of how much has been sent.
  let offered = null;
  const send = file => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/predict/batch");
    request.responseType = "blob";
    request.setRequestHeader("Content-Type", "text/csv");
    request.setRequestHeader("Accept", "application/vnd.card-segments.scored+json");
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.addEventListener("progress", event => {
      by("upload-progress").value = event.loaded / event.total;
      if (event.loaded === event.total) by("upload-status").textContent = "Sent; placing the customers …";
    });
    request.addEventListener("load", async () => {
      const response = new Response(request.response, { status: request.status });
      if (response.ok) resolve(await response.json()); else reject(await refused(response));
    });
    request.addEventListener("error", () => reject(new Error("the server cannot be reached")));
    request.send(file);
  });
  // How far the customers of a file are like those of training, in the words of `make score`.
  const compare = ({ warnings }) => {
    by("upload-drift").replaceChildren(element("h3", {}, "Compared with training"), warnings.length
      ? element("ul", {}, ...warnings.map(text => element("li", {}, text)))
      : element("p", {}, "These customers look like those the model was made from."));
  };
  // The scored customers: counts, and the very CSV that the server sent, to keep.
  const present = scored => {
    const [header, ...customers] = records(scored);
    const column = name => customers.map(row => row[header.indexOf(name)]);
    if (offered) URL.revokeObjectURL(offered);
    offered = URL.createObjectURL(new Blob([scored], { type: "text/csv" }));
    const link = element("a", { href: offered, download: "scored.csv" }, "Download the scored customers");
    const warned = column("warnings").filter(Boolean).length;
    const minded = `${number(warned)} ${warned === 1 ? "customer comes" : "customers come"} with a warning, in its last column.`;
    by("upload-result").replaceChildren(table([header, ...customers]), link, " (CSV)", ...(warned ? [`. ${minded}`] : []));
    const imputed = column("imputed").reduce((total, count) => total + Number(count), 0);
    const blanks = imputed ? ` ${number(imputed)} missing ${imputed === 1 ? "value was" : "values were"} filled in.` : "";
    by("upload-status").textContent = `${number(customers.length)} customer${customers.length === 1 ? "" : "s"} placed.${blanks}`;
  };
  const batch = async event => {
    event.preventDefault();
    const pasted = by("upload-text").value;
    const customers = by("upload-file").files[0] ?? (pasted.trim() && new Blob([pasted.replace(/\n*$/, "\n")]));
    const button = by("upload").querySelector("button");
    if (!customers) {
      by("upload-status").textContent = "Choose a file, or paste rows.";
      return;
    }
    button.disabled = true;
    by("upload-progress").hidden = false;
    by("upload-progress").value = 0;
    by("upload-status").textContent = "Sending …";
    by("upload-result").replaceChildren();
    by("upload-drift").replaceChildren();
    try {
      const { scored, drift } = await send(customers);
      present(scored);
      compare(drift);
    } catch (error) {
      by("upload-status").textContent = `Not placed: ${error.message}`;
    }
    button.disabled = false;
    by("upload-progress").hidden = true;
  };

  const tabs = [by("tab-one"), by("tab-many")];
  const choose = chosen => tabs.forEach(tab => {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    by(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
  });
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", event => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      choose(tabs[1 - i]);
      tabs[1 - i].focus();
    });
  });
  by("upload").addEventListener("submit", batch);
  // A file or pasted rows: giving the one takes the other away, so that it is plain what is placed.
  by("upload-file").addEventListener("change", () => { by("upload-text").value = ""; });
  by("upload-text").addEventListener("input", () => { by("upload-file").value = ""; });

  const answered = async path => (await ask(path)).json();
  const boxes = () => [...by("customer-form").querySelectorAll("input[name]")];
  let served = null;
  const start = async () => {
    served = (await answered("/health")).model;
    const form = await answered("/form");
    segments = await answered("/segments");
    colours = form.segments;
    segmentForm(by("customer-form"), form, values => place(form.inputs, values), drawMap);
    by("token").hidden = true;
    by("content").hidden = false;
    drawMap(null);
  };
  // Another report into the same folder: its map and its form, in which what was typed stays.
  const REFRESH_MILLISECONDS = 2000;
  const follow = async () => {
    if (served === null || (await answered("/health")).model === served) return;
    const typed = new Map(boxes().filter(box => box.value !== box.defaultValue).map(box => [box.name, box.value]));
    const active = document.activeElement.id; // boxes and sliders of the new form bear the ids of the old one's
    await start();
    for (const box of boxes()) {
      if (typed.has(box.name)) {
        box.value = typed.get(box.name);
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    if (active) by(active)?.focus();
    by("news").textContent = "A new model has taken over: map and form are its own, earlier answers the former one's.";
  };
  setInterval(() => follow().catch(() => {}), REFRESH_MILLISECONDS);
  const open = () => start().catch(error => {
    by("token").hidden = error.status !== 401;
    by("token-message").textContent = token || error.status !== 401 ? `Not opened: ${error.message}` : "";
    if (error.status !== 401) by("about").textContent = `Not opened: ${error.message}`;
  });
  by("token").addEventListener("submit", event => {
    event.preventDefault();
    token = by("token-box").value.trim();
    open();
  });
  open();
})();
