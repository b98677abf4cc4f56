/** What is wrong in a person's files: collected, all at once, never thrown. */
import type { DiagnosticCode } from './codes.ts'

export type Severity = 'error' | 'warning'

/** A stretch of text in one file. Lines and columns count from 1; the end is exclusive. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Another place that matters, such as the first of two definitions. */
export interface Related {
  readonly message: string
  readonly at: Position
}

export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  /** One sentence, no full stop, in terms of what the person wrote. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  readonly at?: Position
  /** JSON pointer in the document, as `/spec/rules/0`. */
  readonly pointer?: string
  readonly related?: readonly Related[]
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}

/** Sorted by file, line, column, code, message: the order of files read never shows. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      comparePositions(a.at, b.at) || compare(a.code, b.code) || compare(a.message, b.message),
  )
}

const NOWHERE: Position = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 }

function comparePositions(a = NOWHERE, b = NOWHERE): number {
  return compare(a.file, b.file) || a.line - b.line || a.column - b.column
}

/** Code unit order: the same on every machine, unlike localeCompare. */
export function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
