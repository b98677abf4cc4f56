/** Consul's weights (1 to 65535) to HAProxy's (1 to 256). */

/** What every server weighs when all are equal: leaves room both ways for changes at run time. */
const EQUAL = 100
const MAX = 256

/** Same order as the input. The proportions stay as well as whole numbers from 1 to 256 allow. */
export function scaleWeights(weights: readonly number[]): number[] {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  if (weights.every((w) => w === largest)) return weights.map(() => EQUAL)
  return weights.map((w) => Math.max(1, Math.round((Math.max(w, 0) / largest) * MAX)))
}
