/** Diagnostics → how many there are, in numbers and in words. */
import type { Diagnostic } from '../model/diagnostic.ts'

export interface Summary {
  readonly errors: number
  readonly warnings: number
  /** Files that something is said about. */
  readonly files: number
  /** `2 errors, 1 warning in 3 files` */
  readonly words: string
}

export function summaryOf(diagnostics: readonly Diagnostic[]): Summary {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  const files = new Set(diagnostics.flatMap(({ at }) => at?.file ?? [])).size
  const counts = errorsAndWarnings(errors, warnings)
  const words = files === 0 ? counts : `${counts} in ${counted(files, 'file')}`
  return { errors, warnings, files, words }
}

/** `2 errors, 1 warning`; what there is none of is left out, unless there is nothing. */
export function errorsAndWarnings(errors: number, warnings: number): string {
  const parts = [
    ...(errors > 0 || warnings === 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ]
  return parts.join(', ')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
