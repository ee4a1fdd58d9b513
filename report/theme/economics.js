"use strict";
// The economics, computed in the page by Python's own formulas, which come as data: [function, argument, …], a name or a
// number. A column is an array, one number a group of customers or a segment.
const economics = (() => {
  const FUNCTIONS = {
    "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "**": (a, b) => a ** b,
    "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, "==": (a, b) => a === b,
    negative: a => -a, and: (a, b) => a && b, if: (condition, then, otherwise) => condition ? then : otherwise,
    min: Math.min, max: Math.max,
  };
  const sum = numbers => numbers.reduce((total, number) => total + number, 0);
  const inEach = (change, columns) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, change(column)]));
  const prefixed = (prefix, columns) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [prefix + name, column]));

  // A function from names to values; what is not given is computed from its formula when it is first asked for.
  const computed = (formulas, given) => {
    const known = new Map(Object.entries(given));
    const applied = (call, values) => {
      const column = values.find(Array.isArray);
      return column ? column.map((_, i) => call(...values.map(value => Array.isArray(value) ? value[i] : value))) : call(...values);
    };
    const value = part => Array.isArray(part) ? applied(FUNCTIONS[part[0]], part.slice(1).map(value))
      : typeof part === "string" ? get(part) : part;
    const get = name => {
      if (name === "nothing") return NaN;
      if (!known.has(name)) known.set(name, name.startsWith("all.") ? sum(get(name.slice("all.".length))) : value(formulas[name]));
      return known.get(name);
    };
    return get;
  };

  // What the formulas give for all groups and for all segments at some prices and, by segment, some effects of moves.
  const compute = (model, prices, effects = {}) => {
    const { formulas } = model;
    const priced = (own, given) => computed({ ...formulas.prices, ...own }, { ...prefixed("price.", prices), ...given });
    const effect_base = model.moves.effect_base.map((guess, segment) => effects[segment] ?? guess);
    const moves = prefixed("move.", { ...model.moves, effect_base });
    const costs = priced(formulas.moves, moves);
    for (const name of Object.keys(formulas.moves)) moves[name] = costs(name);
    const { segment } = model.groups;
    const groups = priced(formulas.groups, { ...model.groups, ...inEach(column => segment.map(one => one < 0 ? 0 : column[one]), moves) });
    const bySegment = column => model.moves.campaign.map((_, one) => sum(column.filter((_, i) => segment[i] === one)));
    const sums = Object.fromEntries(model.sums.map(name => [name, bySegment(groups(name.slice("sum.".length)))]));
    return { groups, segments: priced(formulas.segments, { ...moves, ...sums, "all.value": groups("all.value") }) };
  };

  return { compute };
})();

// Assumptions with a box and a slider each, and what follows from them, built into an element.
const economicsForm = (() => {
  const DASH = "\u2013", MILLION = 1e6;
  const fixed = (number, most) => number.toLocaleString("en", { minimumFractionDigits: most, maximumFractionDigits: most });
  const money = currency => amount => {
    const size = Math.abs(amount);
    const cents = Number(size.toFixed(2));
    const text = size >= MILLION ? `${fixed(size / MILLION, 1)} million` : fixed(size, cents < 10 && cents !== Math.round(size) ? 2 : 0);
    return `${amount < 0 && /[1-9]/.test(text) ? "\u2212" : ""}${currency}${text}`;
  };
  // of a rate, or a change, a tenth of a point counts
  const tenths = share => `${fixed(Number((100 * share).toFixed(1)) || 0, 1).replace("-", "\u2212")}\u00a0%`;

  // A box and a slider for one assumption, in percent where it is a share; `changed` is told when its value may be another.
  const field = (item, changed) => {
    const id = `assumption-${item.name.replaceAll("_", "-")}`;
    const shown = number => String(Number((number * item.scale).toFixed(item.decimals)));
    const limits = { minimum: Number(shown(item.low)), maximum: Number(shown(item.high)) };
    const label = element("label", { for: id, id: `${id}-label` }, `${item.label} `, element("span", { class: "unit" }, `(${item.unit})`));
    const box = element("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", maxlength: 40,
      "aria-describedby": `${id}-message` });
    const slider = element("input", { id: `${id}-slider`, type: "range", min: limits.minimum, max: limits.maximum,
      step: 10 ** -item.decimals, "aria-labelledby": `${id}-label` });
    const message = element("p", { id: `${id}-message`, class: "field-message" });
    const node = element("div", { class: "field" }, label, element("div", { class: "entry" }, box, slider), message);
    let current = item.value;
    const read = () => {
      const number = numbers.read(box.value, "");
      const problem = number === null ? "Give a number." : numbers.problem(limits, number, box.value);
      message.textContent = problem ?? "";
      node.classList.toggle("wrong", problem !== null);
      if (problem === null) box.removeAttribute("aria-invalid"); else box.setAttribute("aria-invalid", "true");
      // what is shown of the report's own value may be rounded
      if (problem === null) current = box.value === shown(item.value) ? item.value : number / item.scale;
      slider.value = current * item.scale;
      slider.setAttribute("aria-valuetext", `${shown(current)} ${item.unit}`);
      changed();
    };
    const put = text => { box.value = text; read(); };
    box.addEventListener("input", read);
    slider.addEventListener("input", () => put(shown(slider.value / item.scale)));
    return { name: item.name, node, value: () => current, reset: () => put(shown(item.value)) };
  };

  const COLUMNS = [
    ["A customer and year", "value_per_customer", money], ["Lifetime value", "lifetime_value", money],
    ["The segment, a year", "segment_value", money], ["Breaks even at", "break_even_effect", () => tenths],
    ["Contacted", "contacted", () => number => fixed(number, 0)], ["Costs", "campaign_cost", money],
    ["Brings", "campaign_value_base", money],
  ];
  const table = (model, segments) => {
    const head = element("tr", {}, ...["Segment", ...COLUMNS.map(([heading]) => heading)].map(text => element("th", { scope: "col" }, text)));
    const cell = ([heading, name, write], i) => {
      const number = segments(name)[i];
      return element("td", { "data-label": heading }, Number.isNaN(number) ? DASH : write(model.currency)(number));
    };
    const rows = model.segments.map((name, i) => element("tr", {}, element("th", { scope: "row" }, name), ...COLUMNS.map(column => cell(column, i))));
    return [element("caption", {}, "What segments are worth and moves bring at these assumptions"),
      element("thead", {}, head), element("tbody", {}, ...rows)];
  };
  const sentence = (model, { groups, segments }) => {
    const write = money(model.currency), value = groups("all.value"), owed = groups("all.owed");
    const paying = segments("campaign_value_base").filter((brings, i) => brings > 0 && !model.moves.care[i]);
    const returned = owed > 0 ? `, ${fixed(100 * value / owed, 1)}\u00a0% of what they owe` : "";
    return `All customers together bring ${write(value)} a year${returned}. Moves for profit that pay: ${paying.length}, ` +
      `which bring ${write(paying.reduce((total, brings) => total + brings, 0))} in all.`;
  };

  return (holder, model) => {
    const said = element("output", { class: "sum", "aria-live": "polite" });
    const results = element("table", { class: "stack" });
    let fields = [], effects = [], ready = false;
    const draw = () => {
      if (!ready) return;
      const found = economics.compute(model, Object.fromEntries(fields.map(one => [one.name, one.value()])),
        Object.fromEntries(effects.map((one, i) => [model.effects[i].segment, one.value()])));
      said.textContent = sentence(model, found);
      results.replaceChildren(...table(model, found.segments));
    };
    fields = model.assumptions.map(item => field(item, draw));
    effects = model.effects.map(item => field(item, draw));
    const reset = () => {
      ready = false;
      for (const one of [...fields, ...effects]) one.reset();
      ready = true;
      draw();
    };
    const back = element("button", { type: "button", class: "quiet" }, "As in the report");
    back.addEventListener("click", reset);
    const some = main => element("div", { class: "fields" }, ...fields.filter((_, i) => model.assumptions[i].main === main).map(one => one.node));
    const form = element("form", { novalidate: "", "aria-label": "Assumptions" },
      element("fieldset", {}, element("legend", {}, "Assumptions"), some(true),
        element("details", {}, element("summary", {}, "All other assumptions"), some(false)),
        element("details", {}, element("summary", {}, "What each segment's move changes"),
          element("div", { class: "fields" }, ...effects.map(one => one.node)))),
      element("p", { class: "buttons" }, back));
    form.addEventListener("submit", event => event.preventDefault());
    holder.replaceChildren(form, element("p", {}, said), element("div", { class: "table-frame" }, element("div", { class: "scroll" }, results)));
    reset();
  };
})();
