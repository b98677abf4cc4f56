/** What a template did wrong, and on which line of which template. */
import type { Diagnostic } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'

export type TroubleCode = 'LG6001' | 'LG6002' | 'LG6003' | 'LG6004'

export class TemplateTrouble extends Error {
  override readonly name = 'TemplateTrouble'
  readonly code: TroubleCode
  template: string | undefined
  /** Both count from 1. */
  line = 0
  column = 0
  /** The value that has no safe spelling; may be secret. */
  value: string | undefined

  constructor(code: TroubleCode, message: string) {
    super(message)
    this.code = code
  }

  /** The innermost place is the one that says most: it is set once. */
  at(template: string, line: number, column: number): this {
    if (this.template !== undefined) return this
    this.template = template
    this.line = line
    this.column = column
    return this
  }
}

const HINTS: Record<TroubleCode, string> = {
  LG6001:
    'Templates know only the names of docs/templates.md; what may be missing is tested with `is given`',
  LG6002:
    'Print it through the filter for its position, as `{{ value | word }}`; docs/templates.md lists them',
  LG6003: 'A template may add lines, never sections; filters stand outside quotes and comments',
  LG6004: 'Change the value in the manifest: no spelling of it is safe in haproxy.cfg',
}

/** The trouble as a person reads it; `resource` is what was being rendered. No secret gets into it. */
export function diagnosticOf(
  trouble: TemplateTrouble,
  resource: string,
  secrets: readonly string[],
): Diagnostic {
  const { code, template, value } = trouble
  const secret = value === undefined || secrets.some((s) => s.includes(value) || value.includes(s))
  const place = template === undefined ? '' : `${template}: `
  const shown = secret ? '' : `: ${printable(value, 80)}`
  return {
    code,
    severity: 'error',
    message: `${place}${trouble.message}${shown} (rendering ${resource})`,
    hint: HINTS[code],
    ...positionOf(trouble),
  }
}

function positionOf({ template: file, line, column }: TemplateTrouble): Pick<Diagnostic, 'at'> {
  if (file === undefined || line === 0) return {}
  return { at: { file, line, column, endLine: line, endColumn: column + 1 } }
}
