/** Diagnostics with the sources they are about → text for people, for programs, or for GitHub. */
import type { Diagnostic, Related } from '../model/diagnostic.ts'
import { inOrder } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import type { Paint } from './color.ts'
import { painter } from './color.ts'
import { diagnosticsJson } from './diagnostics-json.ts'
import type { LineOf } from './frame.ts'
import { frameLines, linesIn } from './frame.ts'
import { githubCommands } from './github.ts'
import { summaryOf } from './summary.ts'

export type DiagnosticFormat = 'human' | 'json' | 'github'

/** `sources` by the path that positions name. Ends with a line feed unless it is empty. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  format: DiagnosticFormat,
  color: boolean,
): string {
  const sorted = inOrder(diagnostics)
  const lineOf = linesIn(sources)
  if (format === 'json') return diagnosticsJson(sorted, lineOf)
  if (format === 'github') return githubCommands(sorted)
  return forPeople(sorted, lineOf, painter(color))
}

function forPeople(diagnostics: readonly Diagnostic[], lineOf: LineOf, paint: Paint): string {
  if (diagnostics.length === 0) return ''
  const blocks = diagnostics.map((diagnostic) => block(diagnostic, lineOf, paint))
  return [...blocks, paint('strong', summaryOf(diagnostics).words)]
    .map((text) => `${text}\n`)
    .join('\n')
}

/**
 *     error[LG1004]: "HTPS" is not one of HTTP, HTTPS
 *       --> manifests/edge.yaml:10:17
 *        |
 *     10 |       protocol: HTPS
 *        |                 ^^^^ did you mean "HTTPS"?
 *        = at /spec/listeners/0/protocol
 */
function block(diagnostic: Diagnostic, lineOf: LineOf, paint: Paint): string {
  const { code, severity, message, at, pointer, related = [] } = diagnostic
  const hint = diagnostic.hint === undefined ? undefined : printable(diagnostic.hint, MOST)
  const places = [...(at === undefined ? [] : [at]), ...related.map((other) => other.at)]
  const gutter = Math.max(1, ...places.map(({ line }) => String(line).length))
  const note = (text: string): string => `${' '.repeat(gutter)} ${paint('frame', '=')} ${text}`
  return [
    `${paint(severity, `${severity}[${code}]`)}${paint('strong', `: ${printable(message, MOST)}`)}`,
    ...(at === undefined
      ? []
      : frameLines({ at, label: hint, style: severity, gutter }, lineOf, paint)),
    ...(at === undefined && hint !== undefined ? [note(`help: ${hint}`)] : []),
    ...(pointer === undefined || pointer === '' ? [] : [note(`at ${printable(pointer, MOST)}`)]),
    ...related.flatMap((other) => relatedLines(other, gutter, lineOf, paint)),
  ].join('\n')
}

function relatedLines(
  { message, at }: Related,
  gutter: number,
  lineOf: LineOf,
  paint: Paint,
): string[] {
  const title = `${paint('note', 'note')}${paint('strong', `: ${printable(message, MOST)}`)}`
  const frame = { at, label: undefined, style: 'note', gutter } as const
  return [title, ...frameLines(frame, lineOf, paint)]
}

/** Characters of a message; longer than any of Legate's own, shorter than a flood. */
const MOST = 2000
