/** Diagnostics → workflow commands that GitHub shows as annotations in the pull request. */
import type { Diagnostic, Position } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import { errorsAndWarnings, summaryOf } from './summary.ts'

/** GitHub shows no more errors than this of one step, and no more warnings. */
const MOST = 10

export function githubCommands(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return ''
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning')
  const shown = [...errors.slice(0, MOST), ...warnings.slice(0, MOST)].map(command)
  const more = errorsAndWarnings(
    Math.max(0, errors.length - MOST),
    Math.max(0, warnings.length - MOST),
  )
  const rest = shown.length < diagnostics.length ? [`…and ${more} more`] : []
  return [...shown, ...rest, summaryOf(diagnostics).words].map((line) => `${line}\n`).join('')
}

function command({ severity, code, at, message, hint, related = [] }: Diagnostic): string {
  const properties = [...(at === undefined ? [] : placeProperties(at)), `title=${code}`]
  const help = hint === undefined ? '' : ` (${printable(hint, 1000)})`
  const others = related.map((other) => `; ${printable(other.message)}: ${placeWords(other.at)}`)
  const text = `${printable(message, 2000)}${help}${others.join('')}`
  return `::${severity} ${properties.join(',')}::${escapeData(text)}`
}

/** GitHub takes columns only of one line. */
function placeProperties({ file, line, column, endLine, endColumn }: Position): string[] {
  const lines = [
    `file=${escapeProperty(printable(file, 1000))}`,
    `line=${line}`,
    `endLine=${endLine}`,
  ]
  return line === endLine ? [...lines, `col=${column}`, `endColumn=${endColumn}`] : lines
}

function placeWords({ file, line, column }: Position): string {
  return `${printable(file, 500)}:${line}:${column}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
