/**
 * How deep a text nests, estimated in one pass without a parser: a guard in front of it. It may miss what
 * hides behind quotes and comment signs; the parser's own limit is exact.
 */
import type { Stretch } from './lines.ts'

/** Where more than `limit` flow collections are open at once. */
export function flowDepthAt(text: string, limit: number): Stretch | undefined {
  let depth = 0
  for (const mark of text.matchAll(/[[\]{}]|(?:^|[ \t])#.*|^---/gm)) {
    depth = depthAfter(mark[0], depth)
    if (depth > limit) return { start: mark.index, end: mark.index + 1 }
  }
  return undefined
}

function depthAfter(mark: string, depth: number): number {
  if (mark === '[' || mark === '{') return depth + 1
  if (mark === ']' || mark === '}') return Math.max(0, depth - 1)
  return mark === '---' ? 0 : depth
}

/** Where indentation, and dashes that stand in a row, make more than `limit` levels. */
export function indentDepthAt(text: string, limit: number): Stretch | undefined {
  let open: number[] = []
  for (const line of text.matchAll(/^( *)((?:[-?] +)*)(?=[^\s#])/gm)) {
    const indent = line[1]?.length ?? 0
    open = open.filter((column) => column < indent)
    open.push(indent)
    const dashes = (line[2] ?? '').match(/[-?]/g)?.length ?? 0
    if (open.length + dashes > limit)
      return { start: line.index + indent, end: line.index + indent + 1 }
    // Columns of nested dashes count for the lines below them.
    for (let i = 1; i <= dashes; i++) open.push(indent + 2 * i)
  }
  return undefined
}
