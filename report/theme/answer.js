"use strict";
// What is said of one customer, and of two that differ in a few values. A customer is `values` (null for blank) in the
// order of the model's inputs, and the `answer` to them.
const answerWords = model => {
  const { inputs, currency } = model;
  const MOST_NAMED = 3;
  const say = (input, value) => value === null ? "blank" : numbers.spoken(input, value, currency);
  const list = (name, items) => element(name, {}, ...items.map(item => element("li", {}, ...[item].flat())));

  const verdict = ({ answer }) => [element("strong", {}, answer.cluster_name),
    ` \u2013 ${answer.confidence} (confidence ${answer.confidence_score.toFixed(2)} of 1)`];

  const driver = ({ feature, label, direction }, values) => {
    const i = inputs.findIndex(input => input.name === feature);
    return `${label} ${say(inputs[i], values[i])}, on the ${direction} side`;
  };
  // What only all values together tell. Typical values as they came need not add up.
  const notes = values => {
    const { summed, rounded, mostly } = model.notes;
    const blanks = values.filter(value => value === null).length;
    const [total, ...parts] = summed.map(name => inputs.findIndex(input => input.name === name));
    const apart = summed.length && [total, ...parts].every(i => values[i] !== null)
      && ![total, ...parts].every(i => values[i] === Number(numbers.typed(inputs[i].typical)))
      && Math.abs(values[total] - parts.reduce((all, i) => all + values[i], 0)) > rounded;
    const labels = parts.map(i => inputs[i].label.toLowerCase()).join(" and ");
    return [
      blanks > mostly * inputs.length && `${blanks} of ${inputs.length} fields were blank, more than half: the segment rests mostly on typical values.`,
      apart && `${inputs[total].label} are not the sum of ${labels}.`,
    ].filter(Boolean);
  };
  // Everything but the verdict, under headings of a level such as h3.
  const details = ({ answer, values }, heading) => {
    const labels = new Map(inputs.map(input => [input.name, input.label]));
    const filled = answer.imputed.map(name => labels.get(name)).join(", ");
    const driven = answer.drivers.map(one => driver(one, values));
    const { now, later } = answer.actions;
    return [
      ...notes(values).map(text => element("p", { class: "note" }, text)),
      answer.cluster_description && element("p", {}, answer.cluster_description),
      element(heading, {}, "Nearest segments"),
      list("ol", answer.nearest_segments.map(near => [`${near.cluster_name} `,
        element("span", { class: "unit" }, `distance ${near.distance.toFixed(2)}`)])),
      ...(driven.length ? [element(heading, {}, "What drives it"), list("ul", driven)] : []),
      ...(now || later ? [element(heading, {}, "What to do"),
        element("dl", {}, element("dt", {}, "Now"), element("dd", {}, now),
          element("dt", {}, "Later"), element("dd", {}, later))] : []),
      filled && element("p", { class: "small" }, `Left blank, filled with the ${model.impute} of the training customers: ${filled}.`),
      element("p", { class: "small" }, model.sureness.meaning),
    ].filter(Boolean);
  };

  // Two values as people read them, in as many digits as it takes to tell them apart.
  const apart = (input, before, after) => {
    const texts = [before, after].map(value => say(input, value));
    return texts[0] !== texts[1] ? texts : [before, after].map(value => numbers.digits(value, 6));
  };
  const changes = (first, second) => inputs.map((input, i) => ({ input, pair: [first.values[i], second.values[i]] }))
    .filter(({ pair: [before, after] }) => before !== after)
    .map(({ input, pair }) => ({ label: input.label, texts: apart(input, ...pair) }));
  // What was changed and what that did, such as "Balance $1,500 → $4,000: from Transactors to Revolvers."
  const effect = (first, second) => {
    const changed = changes(first, second);
    const [from, to] = [first.answer, second.answer];
    if (!changed.length) return `Nothing is changed yet: both are ${to.cluster_name}. Change a value in the form.`;
    const named = changed.slice(0, MOST_NAMED).map(({ label, texts }) => `${label} ${texts.join(" → ")}`);
    const more = changed.length > MOST_NAMED ? ` and ${changed.length - MOST_NAMED} more` : "";
    const sure = [from, to].map(({ confidence_score: score }) => score.toFixed(2));
    const outcome = from.cluster_id !== to.cluster_id ? `from ${from.cluster_name} to ${to.cluster_name}`
      : `still ${to.cluster_name}, confidence ${sure[0] === sure[1] ? `${sure[0]} as before` : sure.join(" → ")}`;
    return `${named.join(", ")}${more}: ${outcome}.`;
  };

  const painted = ({ answer }) => `colour-${model.segments[answer.cluster_id].colour}`;

  // A customer beside another one: the values in which they differ come first.
  const column = (title, customer, changed) => element("section",
    { class: `customer ${painted(customer)}`, "aria-label": title },
    element("h3", {}, title), element("p", { class: "verdict-beside" }, ...verdict(customer)),
    ...(changed.length ? [list("ul", changed)] : []), ...details(customer, "h4"));
  const alone = customer => element("section",
    { class: `customer ${painted(customer)}`, "aria-label": "More on the answer" },
    ...details(customer, "h3"));
  // `second` is null while what is changed has no answer.
  const beside = (first, second) => {
    if (second === null) return [column("First customer", first, [])];
    const changed = changes(first, second);
    const side = i => changed.map(({ label, texts }) => [`${label} `, element("strong", {}, texts[i])]);
    return [column("First customer", first, side(0)), column("With the change", second, side(1))];
  };

  return { say, verdict, painted, effect, alone, beside };
};
