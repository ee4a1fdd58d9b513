"use strict";
// A form for one customer, built into an element. `place` takes the values (null for blank) in the order of the model's
// inputs and gives an answer, or a promise of one; `shown` is told each answer that is shown, or null.
const segmentForm = (() => {
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const list = (name, items) => element(name, {}, ...items.map(item => element("li", {}, ...[item].flat())));

  const AMBIGUOUS = Symbol("ambiguous");
  // A number as people type it: blank is null, what cannot be read NaN; a decimal comma is one where it can only be that.
  const read = (text, currency) => {
    if (text.length > 100) return NaN; // the patterns below may look at each digit once for each other
    const plain = text.normalize("NFKC").replace(currency, "").replace(/[\s'’]/g, "").replace("\u2212", "-");
    if (plain === "") return null;
    if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) && !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain) && !/^[+-]?0/.test(plain))
      return Number(plain.replaceAll(",", ""));
    if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain)) return AMBIGUOUS;
    const dotted = /^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(plain) ? plain.replaceAll(".", "") : plain;
    const number = dotted.replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number) ? Number(number) : NaN;
  };

  const digits = (number, most) => number.toLocaleString("en", { maximumFractionDigits: most });
  const spoken = (input, number, currency) => {
    if (input.kind === "amount") return currency + digits(number, Math.abs(number) < 10 ? 2 : 0);
    if (input.kind === "frequency" || input.kind === "share") return `${digits(100 * number, 0)}\u00a0%`;
    return digits(number, 1);
  };
  const typed = number => String(Math.round(number * 100) / 100);

  const problem = (input, value, text) => {
    if (value === AMBIGUOUS) {
      const [whole, part] = text.trim().split(",");
      return `This could be ${whole}${part} or ${whole}.${part}: write it without the comma.`;
    }
    if (Number.isNaN(value)) return "This is not a number. Write it in digits, such as 1234.5, or leave it blank.";
    if (value !== null && !(value >= input.minimum && value <= input.maximum))
      return `Must be between ${digits(input.minimum, 6)} and ${digits(input.maximum, 6)}.`;
    return null;
  };

  const build = (holder, model, place, shown = () => {}) => {
    const { inputs, currency } = model;
    const say = (input, number) => spoken(input, number, currency);
    const note = (input, value, i) => {
      if (value === null) return `Blank: the ${model.impute} of the training customers, ${say(input, model.fill[i])}, is used.`;
      if (value < input.low) return `No training customer had so little; the lowest was ${say(input, input.low)}.`;
      if (value > input.high) return `No training customer had so much; the highest was ${say(input, input.high)}.`;
      if (model.notes.whole.includes(input.kind) && !Number.isInteger(value))
        return "This is no whole number, as counts and months usually are.";
      return "";
    };

    const fields = inputs.map((input, i) => {
      const id = `customer-${input.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
      const unit = input.group === "Shares of months" ? `0\u00a0to\u00a0${digits(input.maximum, 2)}` : input.unit;
      const box = element("input", { id, name: input.name, type: "text", inputmode: "decimal", autocomplete: "off",
        maxlength: 40, "aria-describedby": `${id}-hint ${id}-message`, value: typed(input.typical) });
      const message = element("p", { id: `${id}-message`, class: "field-message" });
      const label = element("label", { for: id }, `${input.label} `, element("span", { class: "unit" }, `(${unit})`));
      const hint = element("p", { id: `${id}-hint`, class: "field-hint" }, input.description);
      const field = { input, box, message, whole: element("div", { class: "field" }, label, hint, box, message) };
      field.tell = (text, wrong) => {
        message.textContent = text;
        field.whole.classList.toggle("wrong", wrong);
        if (wrong) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
      };
      field.check = () => {
        const value = read(box.value, currency);
        const found = problem(input, value, box.value);
        field.tell(found ?? note(input, value, i), found !== null);
        return { value, fine: found === null };
      };
      return field;
    });

    const groups = [...new Set(inputs.map(input => input.group))].map(group => element("fieldset", {},
      element("legend", {}, group),
      element("div", { class: "fields" }, ...fields.filter(field => field.input.group === group).map(field => field.whole))));
    const typical = element("button", { type: "button", class: "quiet" }, "Typical values");
    const blank = element("button", { type: "button", class: "quiet" }, "Clear all");
    const status = element("p", { role: "status", class: "verdict" });
    const details = element("div", { class: "answer-details" });
    const result = element("div", { class: "answer" }, status, details);
    const form = element("form", { novalidate: "", "aria-label": "One customer" }, ...groups,
      element("p", { class: "buttons" }, element("button", { type: "submit" }, "Find the segment"), typical, blank));

    const empty = text => {
      status.textContent = text;
      details.replaceChildren();
      result.className = text ? "answer problem" : "answer";
      shown(null);
    };
    const driver = ({ feature, label, direction }, values) => {
      const i = inputs.findIndex(input => input.name === feature);
      return `${label} ${say(inputs[i], values[i])}, on the ${direction} side`;
    };
    // What only all values together tell. Typical values as they came need not add up.
    const untouched = field => field.box.value === typed(field.input.typical);
    const notes = values => {
      const { summed, rounded, mostly } = model.notes;
      const blanks = values.filter(value => value === null).length;
      const [total, ...parts] = summed.map(name => fields.findIndex(({ input }) => input.name === name));
      const apart = summed.length && [total, ...parts].every(i => values[i] !== null)
        && ![total, ...parts].every(i => untouched(fields[i]))
        && Math.abs(values[total] - parts.reduce((all, i) => all + values[i], 0)) > rounded;
      const labels = parts.map(i => inputs[i].label.toLowerCase()).join(" and ");
      return [
        blanks > mostly * inputs.length && `${blanks} of ${inputs.length} fields were blank, more than half: the segment rests mostly on typical values.`,
        apart && `${inputs[total].label} are not the sum of ${labels}.`,
      ].filter(Boolean);
    };
    const show = (answer, values) => {
      result.className = `answer colour-${answer.cluster_id}`;
      const score = answer.confidence_score.toFixed(2);
      status.replaceChildren(element("strong", {}, answer.cluster_name),
        ` \u2013 ${answer.confidence} (confidence ${score} of 1)`);
      const labels = new Map(inputs.map(input => [input.name, input.label]));
      const filled = answer.imputed.map(name => labels.get(name)).join(", ");
      const driven = answer.drivers.map(one => driver(one, values));
      const { now, later } = answer.actions;
      details.replaceChildren(...[
        ...notes(values).map(text => element("p", { class: "note" }, text)),
        answer.cluster_description && element("p", {}, answer.cluster_description),
        element("h3", {}, "Nearest segments"),
        list("ol", answer.nearest_segments.map(near => [`${near.cluster_name} `,
          element("span", { class: "unit" }, `distance ${near.distance.toFixed(2)}`)])),
        ...(driven.length ? [element("h3", {}, "What drives it"), list("ul", driven)] : []),
        ...(now || later ? [element("h3", {}, "What to do"),
          element("dl", {}, element("dt", {}, "Now"), element("dd", {}, now),
            element("dt", {}, "Later"), element("dd", {}, later))] : []),
        filled && element("p", { class: "small" }, `Left blank, filled with the ${model.impute} of the training customers: ${filled}.`),
        element("p", { class: "small" }, model.sureness.meaning),
      ].filter(Boolean));
      shown(answer);
    };
    const refuse = (error, values) => {
      const told = (error.problems ?? []).filter(({ field }) => fields.some(({ input }) => input.name === field));
      for (const { field: name, message } of told) fields.find(({ input }) => input.name === name).tell(message, true);
      empty(told.length ? "Some fields need another look." : `No answer: ${error.message}`);
    };

    let asked = 0;
    const ask = focus => {
      const checked = fields.map(field => field.check());
      const wrong = checked.findIndex(({ fine }) => !fine);
      const turn = ++asked;
      if (wrong >= 0) {
        const count = checked.filter(({ fine }) => !fine).length;
        empty(count === 1 ? "One field needs another look." : `${count} fields need another look.`);
        if (focus) fields[wrong].box.focus();
        return;
      }
      const values = checked.map(({ value }) => value);
      if (values.every(value => value === null)) {
        empty("Nothing is known of this customer: give at least one value.");
        if (focus) fields[0].box.focus();
        return;
      }
      const mine = act => outcome => { if (turn === asked) act(outcome, values); };
      new Promise(resolve => resolve(place(values))).then(mine(show), mine(refuse));
    };

    let waiting = null;
    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { if (asked) ask(false); }, 300);
    };
    const fill = value => {
      fields.forEach(field => { field.box.value = value(field.input); field.check(); });
      later();
    };
    form.addEventListener("submit", event => { event.preventDefault(); clearTimeout(waiting); ask(true); });
    form.addEventListener("input", later);
    form.addEventListener("change", event => fields.find(({ box }) => box === event.target)?.check());
    typical.addEventListener("click", () => fill(input => typed(input.typical)));
    blank.addEventListener("click", () => fill(() => ""));
    holder.replaceChildren(form, result);
  };

  return build;
})();
