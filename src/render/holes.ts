/** Places in rendered text where a value of the topology goes: a skeleton with marks, filled in at the end. */

export interface Hole {
  /** Name of the filter that made it. */
  readonly filter: string
  /** The word, or part of one, as HAProxy is to read it. */
  readonly value: string
  /** The same, quoted. */
  readonly text: string
}

/** Text as a template made it: no value in it, so nothing of it can come from outside. */
export interface Skeleton {
  readonly text: string
  readonly holes: readonly Hole[]
}

// Control characters: no filter lets one through and no template may contain one.
const OPEN = '\u0001'
const CLOSE = '\u0002'

export function markOf(index: number): string {
  return `${OPEN}${index}${CLOSE}`
}

export function hasMarks(text: string): boolean {
  return text.includes(OPEN) || text.includes(CLOSE)
}

/** The text with every mark replaced by what `pick` makes of its hole. */
export function fill(text: string, holes: readonly Hole[], pick: (hole: Hole) => string): string {
  let filled = ''
  let from = 0
  for (;;) {
    // Looking is many times as fast as matching.
    const close = text.indexOf(CLOSE, from)
    if (close === -1) return from === 0 ? text : filled + text.slice(from)
    const open = text.lastIndexOf(OPEN, close)
    const digits = open < from ? '' : text.slice(open + 1, close)
    const hole = /^\d+$/.test(digits) ? holes[Number(digits)] : undefined
    filled += hole === undefined ? text.slice(from, close + 1) : text.slice(from, open) + pick(hole)
    from = close + 1
  }
}

/** The holes whose marks stand in the text. */
export function holesIn(text: string, holes: readonly Hole[]): Hole[] {
  const found: Hole[] = []
  fill(text, holes, (hole) => {
    found.push(hole)
    return ''
  })
  return found
}
