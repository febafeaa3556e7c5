// How far network and n-gram are to be trusted: the weights under which unseen characters are
// likeliest, by Newton's method, drawn to what they are for lists in general.

export interface Mixing { network: number; ngram: number }
export interface Seen { network: Float64Array; ngram: Float64Array; target: number } // of one character

export const USUAL: Mixing = { network: 0.8, ngram: 0.2 };
const [SPREAD_ALONG, SPREAD_ACROSS] = [0.2, 0.05];
const LARGEST = 10;

interface Prior { mean: [number, number]; precision: [number, number, number] } // aa, ab, bb
export const TUNED: Prior = tuned();
export const UNTUNED: Prior = { mean: [0.5, 0.5], precision: [10, 0, 10] };

function tuned(): Prior {
  const along = SPREAD_ALONG ** 2, across = SPREAD_ACROSS ** 2; // along the line (-0.5, 1)
  const [aa, ab, bb] = [0.25 * along + across, -0.5 * along, along + across];
  const det = aa * bb - ab * ab;
  return { mean: [USUAL.network, USUAL.ngram], precision: [bb / det, -ab / det, aa / det] };
}

export function fitWeights(seen: Seen[], prior: Prior): Mixing & { nats: number } {
  const pull = prior.precision.map((value) => value / (2 * seen.length));
  const value = ([a, b]: [number, number]) => {
    let loss = 0, ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
    for (const { network, ngram, target } of seen) {
      let peak = -Infinity;
      for (let i = 0; i < ngram.length; i++) peak = Math.max(peak, a * network[i] + b * ngram[i]);
      let sum = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
      for (let i = 0; i < ngram.length; i++) {
        const n = network[i], g = ngram[i], odds = Math.exp(a * n + b * g - peak);
        sum += odds; x += odds * n; y += odds * g; xx += odds * n * n; xy += odds * n * g; yy += odds * g * g;
      }
      x /= sum; y /= sum;
      loss += Math.log(sum) + peak - a * network[target] - b * ngram[target];
      ga += x - network[target]; gb += y - ngram[target];
      haa += xx / sum - x * x; hab += xy / sum - x * y; hbb += yy / sum - y * y;
    }
    const n = seen.length, [da, db] = [a - prior.mean[0], b - prior.mean[1]], [paa, pab, pbb] = pull;
    return {
      nats: loss / n,
      loss: loss / n + paa * da * da + 2 * pab * da * db + pbb * db * db,
      gradient: [ga / n + 2 * (paa * da + pab * db), gb / n + 2 * (pab * da + pbb * db)],
      hessian: [haa / n + 2 * paa + 1e-12, hab / n + 2 * pab, hbb / n + 2 * pbb + 1e-12],
    };
  };
  let point = [...prior.mean] as [number, number];
  let found = value(point);
  for (let step = 0; step < 50; step++) {
    const [haa, hab, hbb] = found.hessian, [ga, gb] = found.gradient, det = haa * hbb - hab * hab;
    let move: [number, number] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det];
    let next = value([point[0] - move[0], point[1] - move[1]]);
    while (next.loss > found.loss && Math.max(Math.abs(move[0]), Math.abs(move[1])) > 1e-8) {
      move = [move[0] / 2, move[1] / 2];
      next = value([point[0] - move[0], point[1] - move[1]]);
    }
    point = [point[0] - move[0], point[1] - move[1]];
    found = next;
    if (Math.max(Math.abs(move[0]), Math.abs(move[1])) < 1e-8) break;
  }
  const bound = (x: number) => Math.min(Math.max(x, -LARGEST), LARGEST);
  return { network: bound(point[0]), ngram: bound(point[1]), nats: found.nats };
}
