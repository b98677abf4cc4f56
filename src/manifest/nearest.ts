/** Did you mean? A word → the known word that is at most two slips away. */

/** The nearest candidate, the earlier of equals; undefined if none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = 3
  for (const candidate of candidates) {
    const distance = slips(word.toLowerCase(), candidate.toLowerCase(), bestDistance)
    // Of a word of three letters, two wrong ones leave too little to call it meant.
    if (distance < bestDistance && distance * 2 <= Math.max(word.length, candidate.length)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The hint that belongs to it, as an object to spread. */
export function meant(word: string, candidates: Iterable<string>): { readonly hint?: string } {
  const candidate = nearest(word, candidates)
  return candidate === undefined ? {} : { hint: `did you mean "${candidate}"?` }
}

/**
 * Insertions, deletions, replacements and swaps of neighbours between two words (optimal string
 * alignment), counted up to `limit`: a swap is the commonest slip of all.
 */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 64) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1)
      row.push(cost)
    }
    // Rows never get smaller again: most words are far apart after three letters.
    if (Math.min(...row, ...last) >= limit) return limit
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
