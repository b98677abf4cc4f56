/** What is wrong at one field of a document, before it is known where that field stands. */
import type { DiagnosticCode } from '../model/codes.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Places } from '../model/resource.ts'

export interface Problem {
  readonly code: DiagnosticCode
  readonly pointer: string
  /** Whether the field's name is pointed at, or its value. */
  readonly on: 'key' | 'value'
  readonly message: string
  readonly hint?: string
}

export function located(problem: Problem, places: Places): Diagnostic {
  const { on, ...rest } = problem
  const at = on === 'key' ? places.key(problem.pointer) : places.value(problem.pointer)
  return { severity: 'error', ...rest, at }
}

/** For what stands in no file. */
export function unplaced(problem: Problem): Diagnostic {
  const { on: _on, ...rest } = problem
  return { severity: 'error', ...rest }
}

/** The first problem at each place: what follows from a mistake is no second mistake. */
export function onePerPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ at, severity }) => {
    if (at === undefined) return true
    const place = `${severity} ${at.line}:${at.column} ${at.file}`
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}
