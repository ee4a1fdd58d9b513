"use strict";
// One of a form's fields: a box to type into and a slider that goes with it. `fill` is what a blank counts as, null where only what
// is computed from it is filled in.

// What is said of a value comes a moment after the box is left: a button that the press was meant for must not move away.
const SETTLE_MILLISECONDS = 300;

const formField = (input, fill, model) => {
  const { currency, impute } = model;
  const id = `customer-${input.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  const say = value => numbers.spoken(input, value, currency);
  const counts = fill === null ? "what is computed from it is filled in" : `the ${impute} of the training customers, ${say(fill)}, is used`;
  const whole = model.notes.whole.includes(input.kind);
  const note = value => {
    if (value === null) return `Blank: ${counts}.`;
    if (value < input.low) return `No training customer had so little; the lowest was ${say(input.low)}.`;
    if (value > input.high) return `No training customer had so much; the highest was ${say(input.high)}.`;
    return whole && !Number.isInteger(value) ? "This is no whole number, as counts and months usually are." : "";
  };

  const unit = input.group === "Shares of months" ? `0\u00a0to\u00a0${numbers.digits(input.maximum, 2)}` : input.unit;
  const label = element("label", { for: id, id: `${id}-label` }, `${input.label} `, element("span", { class: "unit" }, `(${unit})`));
  const hint = element("p", { id: `${id}-hint`, class: "field-hint" }, input.description);
  const box = element("input", { id, name: input.name, type: "text", inputmode: "decimal", autocomplete: "off",
    maxlength: 40, "aria-describedby": `${id}-hint ${id}-first ${id}-message`, value: numbers.typed(input.typical) });
  const stops = numbers.stops(input, whole);
  const slider = element("input", { id: `${id}-slider`, type: "range", min: 0, max: Math.max(stops.length - 1, 1), step: 1,
    "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-first ${id}-message` });
  const first = element("p", { id: `${id}-first`, class: "field-first" });
  const message = element("p", { id: `${id}-message`, class: "field-message" });
  const node = element("div", { class: "field" }, element("div", {}, label, hint),
    element("div", { class: "entry" }, box, ...(stops.length > 1 ? [slider] : [])), first, message);

  const value = () => numbers.read(box.value, currency);
  const tell = (text, wrong) => {
    message.textContent = text;
    node.classList.toggle("wrong", wrong);
    if (wrong) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
  };
  // The slider where the typed value is: at the nearest end where that is outside, at what is filled in where blank.
  const follow = () => {
    const now = value();
    const known = typeof now === "number" && !Number.isNaN(now);
    slider.classList.toggle("blank", !known);
    slider.value = numbers.nearest(stops, known ? now : fill ?? input.typical);
    slider.setAttribute("aria-valuetext", known ? say(now) : now === null ? `blank: ${counts}` : "no number");
  };
  const check = () => {
    const now = value();
    const problem = numbers.problem(input, now, box.value);
    tell(problem ?? note(now), problem !== null);
    follow();
    return { value: now, fine: problem === null };
  };
  const compare = before => {
    const changed = before !== undefined && value() !== before;
    node.classList.toggle("changed", changed);
    first.textContent = changed ? `First customer: ${before === null ? "blank" : say(before)}` : "";
  };
  slider.addEventListener("input", () => { box.value = String(stops[slider.value]); check(); });
  box.addEventListener("input", follow);
  box.addEventListener("change", () => { follow(); setTimeout(check, SETTLE_MILLISECONDS); });
  follow();
  return { input, box, node, tell, check, compare };
};
