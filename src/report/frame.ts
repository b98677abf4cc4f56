/** A position with its source → the lines of a code frame: path, line, caret. */
import type { Position } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import type { Paint, Style } from './color.ts'
import { showLine } from './source-line.ts'

/** Lines of files by number, cut once for all frames. */
export type LineOf = (file: string, line: number) => string | undefined

export function linesIn(sources: ReadonlyMap<string, string>): LineOf {
  const cut = new Map<string, readonly string[]>()
  return (file, line) => {
    const source = sources.get(file)
    if (source === undefined) return undefined
    const lines = cut.get(file) ?? source.replace(/^\uFEFF/, '').split(/\r?\n/)
    cut.set(file, lines)
    return lines[line - 1]
  }
}

export interface Frame {
  readonly at: Position
  /** Stands behind the caret when there is room, else below. */
  readonly label: string | undefined
  readonly style: Style
  /** Columns for line numbers. */
  readonly gutter: number
}

const WIDEST = 100

export function frameLines(frame: Frame, lineOf: LineOf, paint: Paint): string[] {
  const { at, label, style, gutter } = frame
  const margin = ' '.repeat(gutter)
  const place = `${printable(at.file, 500)}:${at.line}:${at.column}`
  const arrow = `${margin}${paint('frame', '-->')} ${place}`
  const help = label === undefined ? [] : [`${margin} ${paint('frame', '=')} help: ${label}`]
  const line = lineOf(at.file, at.line)
  if (line === undefined) return [arrow, ...help]
  const endColumn = at.endLine > at.line ? line.length + 1 : at.endColumn
  const shown = showLine(line, { column: at.column, endColumn })
  const fits = label !== undefined && shown.before + shown.width + label.length < WIDEST
  const bar = paint('frame', '|')
  const number = paint('frame', String(at.line).padStart(gutter))
  const caret = paint(style, `${'^'.repeat(shown.width)}${fits ? ` ${label}` : ''}`)
  return [
    arrow,
    `${margin} ${bar}`,
    `${number} ${bar} ${shown.text}`.trimEnd(),
    `${margin} ${bar} ${' '.repeat(shown.before)}${caret}`,
    ...(fits ? [] : help),
  ]
}
