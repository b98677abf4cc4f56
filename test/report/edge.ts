/** A Frontend with a mistake in it, and what is said about it: what the printers are tried on. */
import type { Diagnostic, Position } from '../../src/model/diagnostic.ts'

const EDGE = `apiVersion: legate/v1
kind: Frontend
metadata: { name: edge }
spec:
  maxconn: 2000
  defaultBackendRef:
    name: web
  listeners:
    - name: https
      protocol: HTPS
`

export const SOURCES: ReadonlyMap<string, string> = new Map([
  ['manifests/edge.yaml', EDGE],
  ['b.yaml', '\tname:\tx\n'],
])

export function at(file: string, line: number, column: number, endColumn: number): Position {
  return { file, line, column, endLine: line, endColumn }
}

export const HTPS: Diagnostic = {
  code: 'LG1004',
  severity: 'error',
  message: '"HTPS" is not one of HTTP, HTTPS',
  hint: 'did you mean "HTTPS"?',
  pointer: '/spec/listeners/0/protocol',
  at: at('manifests/edge.yaml', 10, 17, 21),
}
