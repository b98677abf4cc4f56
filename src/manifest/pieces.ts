/** The text of a file → the pieces that its documents stand in. */
import { EVENT_ID } from 'js-yaml'
import type { Event } from 'js-yaml'

export interface Cut {
  readonly text: string
  readonly offset: number
}

/** Cut at the marks between documents: what stands in one cannot break the next. */
export function piecesOf(text: string): Cut[] {
  const marks = [...text.matchAll(/^---(?=\s|$)/gm)].map((mark) => mark.index)
  const starts = [0, ...marks.filter((at) => at > 0)]
  return starts.map((start, i) => ({ text: text.slice(start, starts[i + 1]), offset: start }))
}

/** Where the first thing of a document stands. */
export function startOf(document: readonly Event[]): number {
  for (const event of document) {
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start
    if (event.type === EVENT_ID.SCALAR && event.valueStart >= 0) return event.valueStart
  }
  return 0
}
