/** Diagnostics → JSON in the shape of `terraform validate -json`, with Legate's codes and pointers. */
import type { Diagnostic, Position } from '../model/diagnostic.ts'
import type { LineOf } from './frame.ts'
import { summaryOf } from './summary.ts'

/** Changes its first number when a program that reads it could break. */
const FORMAT_VERSION = '1.0'

export function diagnosticsJson(diagnostics: readonly Diagnostic[], lineOf: LineOf): string {
  const { errors, warnings, files } = summaryOf(diagnostics)
  const json = {
    format_version: FORMAT_VERSION,
    valid: errors === 0,
    summary: { errors, warnings, files },
    diagnostics: diagnostics.map((diagnostic) => asJson(diagnostic, lineOf)),
  }
  return `${escapeInvisible(JSON.stringify(json, undefined, 2))}\n`
}

function asJson(diagnostic: Diagnostic, lineOf: LineOf): object {
  const { code, severity, message, hint, at, pointer, related = [] } = diagnostic
  return {
    severity,
    code,
    summary: message,
    ...(hint === undefined ? {} : { detail: hint }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(at === undefined ? {} : { range: range(at), ...snippet(at, lineOf) }),
    ...(related.length === 0
      ? {}
      : { related: related.map((other) => ({ message: other.message, range: range(other.at) })) }),
  }
}

/** Lines and columns count from 1; the end is exclusive. */
function range({ file, line, column, endLine, endColumn }: Position): object {
  return {
    filename: file,
    start: { line, column },
    end: { line: endLine, column: endColumn },
  }
}

/** A longer line is not repeated: `range` says where it is. */
const LONGEST_SNIPPET = 1000

function snippet(at: Position, lineOf: LineOf): { readonly snippet?: object } {
  const code = lineOf(at.file, at.line)
  if (code === undefined || code.length > LONGEST_SNIPPET) return {}
  const end = at.endLine > at.line ? code.length : at.endColumn - 1
  return {
    snippet: {
      code,
      start_line: at.line,
      highlight_start_offset: at.column - 1,
      highlight_end_offset: end,
    },
  }
}

/** Still the same JSON, and nothing in it that a terminal would act on or hide. */
function escapeInvisible(json: string): string {
  return json.replaceAll(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => unicodeEscape(character.charCodeAt(i))).join(
      '',
    ),
  )
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
