"use strict";
// A form for one customer, and for a second one that begins as its copy, built into an element. `place` takes the values
// (null for blank) in the order of the model's inputs and gives an answer, or a promise of one; `shown` is told each
// answer that is shown, or null, and that of the first customer where two are compared.
const segmentForm = (() => {
  const PAUSE_MILLISECONDS = 300;

  // What is said below the fields: a line that is read out, and the rest. `current` is null where there is no answer,
  // `first` where nothing is compared.
  const answerView = (words, shown) => {
    const status = element("p", { role: "status", class: "verdict" });
    const rest = element("div", { class: "answer" });
    const draw = (current, first, problem) => {
      const compared = first !== null && current !== null;
      const segment = current === null ? "" : ` ${words.painted(current)}`;
      status.className = problem ? "verdict problem" : `verdict${segment}`;
      if (current === null) status.textContent = problem;
      else if (compared) status.textContent = words.effect(first, current);
      else status.replaceChildren(...words.verdict(current));
      rest.replaceChildren(...(first ? words.beside(first, current) : current ? [words.alone(current)] : []));
      shown(current?.answer ?? null, first?.answer ?? null);
    };
    return { nodes: [status, rest], draw };
  };

  // What is wrong with the fields as they were checked, and where.
  const trouble = checked => {
    const wrong = checked.flatMap(({ fine }, i) => fine ? [] : [i]);
    if (wrong.length === 1) return { text: "One field needs another look.", at: wrong[0] };
    if (wrong.length) return { text: `${wrong.length} fields need another look.`, at: wrong[0] };
    if (checked.every(({ value }) => value === null))
      return { text: "Nothing is known of this customer: give at least one value.", at: 0 };
    return null;
  };

  const button = (text, press) => {
    const made = element("button", { type: "button", class: "quiet" }, text);
    made.addEventListener("click", press);
    return made;
  };

  // Asks for what the fields hold and shows the answer, beside that of a first customer where one is kept.
  const conversation = (fields, place, view) => {
    let current = null, first = null, asked = 0, waiting = null;
    const show = (customer, problem = "") => {
      current = customer;
      view.draw(current, first, problem);
    };
    const refuse = error => {
      const told = (error.problems ?? []).filter(({ field }) => fields.some(({ input }) => input.name === field));
      for (const { field: name, message } of told) fields.find(({ input }) => input.name === name).tell(message, true);
      show(null, told.length ? "Some fields need another look." : `No answer: ${error.message}`);
    };
    // Says whether the answer is shown: it is not where something else was asked meanwhile.
    const ask = async focus => {
      clearTimeout(waiting);
      const turn = ++asked;
      const checked = fields.map(field => field.check());
      const problem = trouble(checked);
      if (problem) {
        show(null, problem.text);
        if (focus) fields[problem.at].box.focus();
        return false;
      }
      const values = checked.map(({ value }) => value);
      const outcome = await Promise.resolve(values).then(place)
        .then(answer => () => show({ answer, values }), error => () => refuse(error));
      if (turn === asked) outcome();
      return turn === asked && current !== null;
    };
    // Once values rest; before the first answer was asked for, only where `always`.
    const later = always => {
      clearTimeout(waiting);
      if (asked || always) waiting = setTimeout(() => ask(false), PAUSE_MILLISECONDS);
    };
    const compare = () => fields.forEach((field, i) => field.compare(first?.values[i]));
    const begin = async () => {
      const texts = fields.map(({ box }) => box.value);
      if (!await ask(true)) return false;
      first = { ...current, texts };
      show(current);
      compare();
      return true;
    };
    const drop = () => {
      first.texts.forEach((text, i) => { fields[i].box.value = text; });
      keep();
    };
    const keep = () => {
      first = null;
      compare();
      ask(false);
    };
    return { ask, later, compare, begin, drop, keep };
  };

  const build = (holder, model, place, shown = () => {}) => {
    const fields = model.inputs.map((input, i) => formField(input, model.fill[i], model));
    const view = answerView(answerWords(model), shown);
    const talk = conversation(fields, place, view);
    const groups = [...new Set(model.inputs.map(input => input.group))].map(group => element("fieldset", {},
      element("legend", {}, group),
      element("div", { class: "fields" }, ...fields.filter(field => field.input.group === group).map(field => field.node))));
    const fill = text => {
      for (const field of fields) {
        field.box.value = text(field.input);
        field.check();
      }
      talk.compare();
      talk.later(false);
    };
    const toggle = comparing => {
      begin.hidden = comparing;
      drop.hidden = keep.hidden = !comparing;
    };
    const end = act => { act(); toggle(false); begin.focus(); };
    const begin = button("Compare with a change", async () => {
      if (!await talk.begin()) return;
      toggle(true);
      fields[0].box.focus();
    });
    const drop = button("Drop the change", () => end(talk.drop));
    const keep = button("Keep the change", () => end(talk.keep));
    toggle(false);
    const form = element("form", { novalidate: "", "aria-label": "One customer" }, ...groups,
      element("p", { class: "buttons" }, element("button", { type: "submit" }, "Find the segment"), begin, drop,
        keep, button("Typical values", () => fill(input => numbers.typed(input.typical))),
        button("Clear all", () => fill(() => ""))));
    form.addEventListener("submit", event => { event.preventDefault(); talk.ask(true); });
    form.addEventListener("input", event => { talk.compare(); talk.later(event.target.type === "range"); });
    holder.replaceChildren(form, ...view.nodes);
  };

  return build;
})();
