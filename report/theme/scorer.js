"use strict";
// Places one customer in a segment: the same arithmetic as seg_utils.scoring.model, on the numbers of seg_utils.scoring.payload.
// Pure: nothing of the page is read or changed. A value that is not known is null.
const scorer = (() => {
  const OUTLIERS = -1;

  const unpacked = value => {
    if (Array.isArray(value)) return value.map(unpacked);
    if (value === null || typeof value !== "object") return value;
    if (value.float64 === undefined)
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unpacked(part)]));
    const bytes = Uint8Array.from(atob(value.float64), letter => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const numbers = Array.from({ length: bytes.length / 8 }, (_, place) => view.getFloat64(8 * place, true));
    const fold = (from, [length, ...rest]) => {
      const step = rest.reduce((product, size) => product * size, 1);
      return Array.from({ length }, (_, i) => rest.length ? fold(from + i * step, rest) : numbers[from + i]);
    };
    return fold(0, value.shape);
  };

  // In the order that numpy adds, so that a tie there is a tie here.
  const sum = (numbers, from = 0, to = numbers.length) => {
    const count = to - from;
    if (count > 128) {
      const middle = from + (count >> 1) - ((count >> 1) % 8);
      return sum(numbers, from, middle) + sum(numbers, middle, to);
    }
    if (count < 8) {
      let total = 0;
      for (let i = from; i < to; i++) total += numbers[i];
      return total;
    }
    const lanes = numbers.slice(from, from + 8);
    const whole = from + count - (count % 8);
    for (let i = from + 8; i < whole; i++) lanes[(i - from) % 8] += numbers[i];
    let total = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (let i = whole; i < to; i++) total += numbers[i];
    return total;
  };

  const euclidean = (x, y) => Math.sqrt(sum(x.map((value, i) => (value - y[i]) * (value - y[i]))));
  const ranked = values => values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
  const lead = (distances, [nearest, following]) =>
    distances[following] > 0 ? 1 - distances[nearest] / distances[following] : 0;

  // As seg_utils.core.transformation computes them of columns by name; NaN where a part is not known or the divisor is not above 0.
  const total = (columns, names) => names.map(name => columns[name]).reduce((one, other) => one + other);
  const formulas = {
    ratio: (columns, { of, to, at_most: most = Infinity }) => {
      const divisor = total(columns, to);
      const ratio = divisor > 0 ? total(columns, of) / divisor : NaN;
      return Number.isFinite(ratio) ? Math.min(Math.max(ratio, 0), most) : NaN;
    },
    weighted: (columns, weights) => Object.entries(weights)
      .map(([name, weight]) => Math.max(columns[name], 0) * weight).reduce((one, other) => one + other),
  };
  // The features that customers are compared by, of the inputs; null where they are not known.
  const features = ({ inputs, features: names, formulas: derived = {} }, values) => {
    const columns = Object.fromEntries(inputs.map((name, i) => [name, values[i] ?? NaN]));
    for (const [name, formula] of Object.entries(derived)) {
      const [[kind, terms]] = Object.entries(formula);
      columns[name] = formulas[kind](columns, terms);
    }
    return names.map(name => Number.isNaN(columns[name]) ? null : columns[name]);
  };

  const signedLog1p = x => Math.sign(x) * Math.log1p(Math.abs(x));
  const scaled = (space, known) => known.map((value, i) => {
    const whole = value === null ? space.fill[i] : value;
    return ((space.log1p[i] ? signedLog1p(whole) : whole) - space.center[i]) / space.spread[i];
  });
  const product = (x, matrix, column) => x.reduce((total, value, row) => total + value * matrix[row][column], 0);
  const encoded = (encoder, x) => encoder.weights.reduce((codes, weights, layer) =>
    encoder.biases[layer].map((bias, column) => Math.max(product(codes, weights, column) + bias, 0)), x);

  const placements = {
    centres: ({ centres }, x) => {
      const distances = centres.map(centre => euclidean(x, centre));
      const order = ranked(distances);
      return { segment: order[0], order, confidence: lead(distances, order) };
    },
    mixture: ({ weights, means, precisions }, x) => {
      const scores = weights.map((weight, segment) => {
        const apart = x.map((value, i) => value - means[segment][i]);
        const precision = precisions[segment];
        const squares = apart.map((_, column) => product(apart, precision, column) ** 2);
        return Math.log(weight) + sum(precision.map((row, i) => Math.log(row[i]))) - 0.5 * sum(squares);
      });
      const most = Math.max(...scores);
      const relative = scores.map(score => Math.exp(score - most));
      const total = sum(relative);
      const order = ranked(relative.map(value => -(value / total)));
      return { segment: order[0], order, confidence: relative[order[0]] / total };
    },
    exemplars: ({ points, segments }, x) => {
      const groups = [...new Set(segments)].sort((a, b) => a - b);
      const least = new Map(groups.map(group => [group, Infinity]));
      points.forEach((point, i) => {
        const distance = euclidean(x, point);
        if (distance < least.get(segments[i])) least.set(segments[i], distance);
      });
      const distances = groups.map(group => least.get(group));
      const order = ranked(distances);
      const inside = groups.filter(group => group !== OUTLIERS);
      return {
        segment: groups[order[0]],
        order: ranked(inside.map(group => least.get(group))),
        confidence: lead(distances, order),
      };
    },
  };

  const locate = (model, values) => {
    const known = features(model.space, values);
    const customer = scaled(model.space, known);
    const x = model.space.encoder ? encoded(model.space.encoder, customer) : customer;
    const placed = placements[model.placement.kind](model.placement, x);
    return { ...placed, distances: model.centroids.map(centroid => euclidean(x, centroid)), known, scaled: customer };
  };

  // What was filled in drives nothing.
  const drivers = (model, { segment, order, known, scaled: customer }) => {
    const own = segment === OUTLIERS ? order[0] : segment;
    const following = order[order[0] === own ? 1 : 0];
    const gain = customer.map((value, i) =>
      (value - model.scaled_centroids[following][i]) ** 2 - (value - model.scaled_centroids[own][i]) ** 2);
    return ranked(gain.map(value => -value)).filter(i => known[i] !== null && gain[i] > 0).slice(0, model.drivers)
      .map(i => ({ ...model.features[i], direction: customer[i] > 0 ? "high" : "low" }));
  };

  // The answer that POST /predict gives, without its warnings (the form has its own) and the position on the map.
  const answer = (model, values) => {
    const located = locate(model, values);
    const { segment, order, confidence, distances } = located;
    const told = model.segments[segment];
    const [unsure, clear] = model.sureness.steps;
    const known = values.filter(value => value === null).length <= model.notes.mostly * model.inputs.length;
    return {
      cluster_id: segment,
      cluster_name: told.name,
      cluster_description: told.description,
      confidence_score: confidence,
      confidence: model.sureness.words[(confidence >= unsure) + (confidence >= clear && known)],
      distance_to_center: distances[segment === OUTLIERS ? order[0] : segment],
      nearest_segments: order.slice(0, model.nearest).map(near =>
        ({ cluster_id: near, cluster_name: model.segments[near].name, distance: distances[near] })),
      drivers: drivers(model, located),
      actions: told.actions,
      imputed: model.inputs.filter((_, i) => values[i] === null).map(input => input.name),
    };
  };

  return { unpacked, locate, answer };
})();
