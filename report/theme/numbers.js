"use strict";
// Numbers as people type and read them, and the values at which a slider stops. An input is one of the model's features.
const numbers = (() => {
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
  const isShare = ({ kind }) => kind === "frequency" || kind === "share";
  const spoken = (input, number, currency) => {
    const size = Math.abs(number);
    if (input.kind === "amount") return `${number < 0 ? "\u2212" : ""}${currency}${digits(size, size < 10 ? 2 : 0)}`;
    if (isShare(input)) return `${digits(100 * number, 0)}\u00a0%`;
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

  // Round values, each some 10 % above the one before: amounts and counts have few large values and many small ones.
  const ROUND = [10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90];
  const DECADES = 4;
  const decade = number => Math.floor(Math.log10(number));
  const evenly = (low, high, parts) => Array.from(
    { length: Math.max(Math.floor(high * parts + 1e-9) - Math.ceil(low * parts - 1e-9) + 1, 0) },
    (_, i) => (Math.ceil(low * parts - 1e-9) + i) / parts);
  // An end of the range to three digits, inside of it.
  const inward = (end, round, least) => {
    if (end <= 0) return 0;
    const unit = Math.max(10 ** (decade(end) - 2), least);
    return Number((round(end / unit) * unit).toPrecision(12));
  };
  const upward = (low, high, least) => {
    if (high <= 0) return [];
    const ends = [inward(low, Math.ceil, least), inward(high, Math.floor, least)];
    const round = Array.from({ length: DECADES + 1 }, (_, i) => decade(high) - DECADES + i)
      .flatMap(power => ROUND.map(digits => Number(`${digits}e${power - 1}`)))
      .filter(number => Number.isInteger(Number((number / least).toPrecision(12))) && number >= low && number <= high);
    return [...ends, ...round];
  };
  // Below zero, as accounts in credit are, the same on the other side.
  const stretching = (low, high, least) => [...new Set([
    ...(low < 0 ? upward(Math.max(-high, 0), -low, least).map(number => 0 - number) : []),
    ...upward(Math.max(low, 0), high, least),
  ])].sort((a, b) => a - b);
  // From the least to the most that training customers had; of a share, all of it.
  const stops = (input, whole) => {
    const [low, high] = [Math.max(input.low, input.minimum), Math.min(input.high, input.maximum)];
    if (isShare(input)) return evenly(Math.min(low, 0), Math.max(high, 1), 100);
    if (input.kind === "months") return evenly(low, high, 1);
    return stretching(low, high, whole ? 1 : 0.01);
  };
  const nearest = (values, number) =>
    values.reduce((best, value, i) => Math.abs(value - number) < Math.abs(values[best] - number) ? i : best, 0);

  return { read, digits, spoken, typed, problem, stops, nearest };
})();
