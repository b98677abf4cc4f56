/** Offsets in a file's text → line and column. */
import type { Position } from '../model/diagnostic.ts'
import { remember } from '../model/remember.ts'
import type { SourceFile } from '../model/resource.ts'

/** A stretch of a file's text in UTF-16 units; the end is exclusive. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** The text without the byte order mark that some editors put in front; offsets count from here. */
export function textOf(file: SourceFile): string {
  return file.text.startsWith('\uFEFF') ? file.text.slice(1) : file.text
}

const lineStartsOf: (file: SourceFile) => Uint32Array = remember((file: SourceFile) => {
  const text = textOf(file)
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return Uint32Array.from(starts)
})

/**
 * The position of what stands in the stretch, down to the end of its first line: a caret, and GitHub's
 * `col`, can show one line only. Always inside the file, whatever the offsets.
 */
export function positionOf(file: SourceFile, stretch: Stretch): Position {
  const text = textOf(file)
  const start = firstVisible(text, stretch)
  const line = lineAt(lineStartsOf(file), start)
  const lineStart = lineStartsOf(file)[line] ?? 0
  const end = Math.max(start, lastVisible(text, start, Math.min(stretch.end, text.length)))
  return {
    file: file.path,
    line: line + 1,
    column: start - lineStart + 1,
    endLine: line + 1,
    endColumn: end - lineStart + 1,
  }
}

/** The first character of the stretch that is no white space; never the empty line after the last break. */
function firstVisible(text: string, stretch: Stretch): number {
  const from = Math.max(0, Math.min(stretch.start, text.length))
  const until = Math.min(stretch.end, text.length)
  for (let at = from; at < until; at++) if (!isSpace(text, at)) return at
  let start = from
  while (start > 0 && start === text.length && isBreak(text, start - 1)) start--
  return start > 0 && text[start] === '\n' && text[start - 1] === '\r' ? start - 1 : start
}

function lastVisible(text: string, start: number, end: number): number {
  const lineEnd = text.indexOf('\n', start)
  let last = lineEnd < 0 ? end : Math.min(end, lineEnd)
  while (last > start && isSpace(text, last - 1)) last--
  return last
}

function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r'
}

function isSpace(text: string, at: number): boolean {
  return isBreak(text, at) || text[at] === ' ' || text[at] === '\t'
}
