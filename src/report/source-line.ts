/** One line of a file and a stretch of it → what a terminal can show, cut around the stretch. */
import { printable } from '../model/failure.ts'

export interface ShownLine {
  readonly text: string
  /** Columns of the terminal in front of the stretch. */
  readonly before: number
  /** Columns of the stretch; at least one, for a caret behind the end of a line. */
  readonly width: number
}

/** Columns count from 1 in UTF-16 units; the end is exclusive. */
export interface Columns {
  readonly column: number
  readonly endColumn: number
}

const WIDEST = 100
/** A stretch that begins behind this column is moved to the left. */
const FARTHEST = 60
/** What is kept in front of it then. */
const LEAD = 20

interface Cell {
  readonly text: string
  readonly width: number
  readonly isMarked: boolean
}

const ELLIPSIS: Cell = { text: '…', width: 1, isMarked: false }

export function showLine(line: string, { column, endColumn }: Columns): ShownLine {
  // A line of a megabyte is cut before anybody looks at its characters.
  const from = Math.max(0, column - 1 - WIDEST)
  const until = column - 1 + 2 * WIDEST
  // An empty stretch is shown at the character it stands before.
  const columns = { column: column - from, endColumn: Math.max(endColumn, column + 1) - from }
  const cells = cellsOf(line.slice(from, until), columns)
  const found = cells.findIndex((cell) => cell.isMarked)
  const marked = found < 0 ? cells.length : found
  const start = startOfWindow(cells, marked, from > 0)
  const end = endOfWindow(cells, start)
  const head = start > 0 || from > 0 ? [ELLIPSIS] : []
  const tail = end < cells.length || until < line.length ? [ELLIPSIS] : []
  return {
    text: [...head, ...cells.slice(start, end), ...tail].map((cell) => cell.text).join(''),
    before: widthOf([...head, ...cells.slice(start, marked)]),
    width: Math.max(1, widthOf(cells.slice(start, end).filter((cell) => cell.isMarked))),
  }
}

function startOfWindow(cells: readonly Cell[], marked: number, isCut: boolean): number {
  if (!isCut && widthOf(cells.slice(0, marked)) <= FARTHEST) return 0
  let start = marked
  let width = 0
  while (start > 0 && width < LEAD) {
    start--
    width += cells[start]?.width ?? 0
  }
  return start
}

function endOfWindow(cells: readonly Cell[], start: number): number {
  let width = 0
  const end = cells.findIndex((cell, i) => {
    if (i >= start) width += cell.width
    return width > WIDEST
  })
  return end < 0 ? cells.length : end
}

function cellsOf(text: string, { column, endColumn }: Columns): Cell[] {
  const cells: Cell[] = []
  let index = 1
  for (const character of text) {
    const shown = character === '\t' ? '    ' : printable(character)
    const width = shown === character ? columnsOf(character) : shown.length
    cells.push({ text: shown, width, isMarked: index >= column && index < endColumn })
    index += character.length
  }
  return cells
}

const NO_COLUMN = /^\p{M}$/u
/** Scripts and signs that terminals show two columns wide. */
const TWO_COLUMNS =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]$/u

function columnsOf(character: string): number {
  if (character < '\u0300') return 1
  if (NO_COLUMN.test(character)) return 0
  return TWO_COLUMNS.test(character) ? 2 : 1
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0)
}
