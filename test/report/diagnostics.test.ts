import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { DiagnosticFormat } from '../../src/report/diagnostics.ts'
import { printDiagnostics } from '../../src/report/diagnostics.ts'
import { at, HTPS, SOURCES } from './edge.ts'

function human(diagnostics: readonly Diagnostic[], sources = SOURCES): string {
  return printDiagnostics(diagnostics, sources, 'human', false)
}

test('human: a frame with a caret', () => {
  expect(human([HTPS])).toBe(`error[LG1004]: "HTPS" is not one of HTTP, HTTPS
  --> manifests/edge.yaml:10:17
   |
10 |       protocol: HTPS
   |                 ^^^^ did you mean "HTTPS"?
   = at /spec/listeners/0/protocol

1 error in 1 file
`)
})

test('human: related places are further frames, in the order of files and lines', () => {
  const twice: Diagnostic = {
    code: 'LG3001',
    severity: 'error',
    message: 'Frontend "edge" is defined twice',
    at: at('manifests/edge.yaml', 3, 19, 23),
    related: [{ message: 'first defined here', at: at('b.yaml', 1, 8, 9) }],
  }
  const warning: Diagnostic = {
    code: 'LG4001',
    severity: 'warning',
    message: 'nothing refers to Backend "x"',
    at: at('b.yaml', 1, 2, 6),
  }
  expect(human([HTPS, twice, warning])).toBe(`warning[LG4001]: nothing refers to Backend "x"
 --> b.yaml:1:2
  |
1 |     name:    x
  |     ^^^^

error[LG3001]: Frontend "edge" is defined twice
 --> manifests/edge.yaml:3:19
  |
3 | metadata: { name: edge }
  |                   ^^^^
note: first defined here
 --> b.yaml:1:8
  |
1 |     name:    x
  |              ^

error[LG1004]: "HTPS" is not one of HTTP, HTTPS
  --> manifests/edge.yaml:10:17
   |
10 |       protocol: HTPS
   |                 ^^^^ did you mean "HTTPS"?
   = at /spec/listeners/0/protocol

2 errors, 1 warning in 2 files
`)
})

test('human: a long hint stands below, and what has no place or no source does without a frame', () => {
  const hint = `a host name in lower case, ${'without port and final dot, '.repeat(3)}at most 253 characters`
  const long: Diagnostic = { ...HTPS, hint }
  const nowhere: Diagnostic = {
    code: 'LG0007',
    severity: 'error',
    message: 'nothing',
    hint: 'add some',
  }
  const unread: Diagnostic = {
    code: 'LG0006',
    severity: 'error',
    message: 'cannot read it',
    hint: 'chmod',
    at: at('gone.yaml', 1, 1, 1),
  }
  expect(human([long, nowhere, unread])).toBe(`error[LG0007]: nothing
  = help: add some

error[LG0006]: cannot read it
 --> gone.yaml:1:1
  = help: chmod

error[LG1004]: "HTPS" is not one of HTTP, HTTPS
  --> manifests/edge.yaml:10:17
   |
10 |       protocol: HTPS
   |                 ^^^^
   = help: ${hint}
   = at /spec/listeners/0/protocol

3 errors in 2 files
`)
})

function frameOf(line: string, column: number, endColumn: number): string {
  const diagnostic: Diagnostic = {
    code: 'LG0001',
    severity: 'error',
    message: 'm',
    at: at('f', 1, column, endColumn),
  }
  return human([diagnostic], new Map([['f', line]]))
    .split('\n')
    .slice(3, 5)
    .join('\n')
}

test('human: a caret at the end of a line, and under signs that are two columns wide', () => {
  expect(frameOf('a: [', 5, 5)).toBe(`1 | a: [
  |     ^`)
  expect(frameOf('\uFEFFa: b\r\nc', 4, 5)).toBe(`1 | a: b
  |    ^`)
  expect(frameOf('東京: 北 x', 5, 6)).toBe(`1 | 東京: 北 x
  |       ^^`)
  expect(frameOf('e\u0301: x', 5, 6)).toBe(`1 | e\u0301: x
  |    ^`)
})

test('human: control characters are made visible and do not move the caret', () => {
  expect(frameOf('a: \u001B[31m x \u202E y', 12, 13)).toBe(`1 | a: \\u{1b}[31m x \\u{202e} y
  |                 ^^^^^^^^`)
})

test('human: long lines are cut around the caret', () => {
  const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`
  expect(frameOf(line, 501, 505)).toBe(`1 | …${'a'.repeat(20)}HERE${'b'.repeat(76)}…
  |                      ^^^^`)
  expect(frameOf(`x${line}`, 1, 2)).toBe(`1 | x${'a'.repeat(99)}…
  | ^`)
  expect(frameOf(line, 1, 1005)).toBe(`1 | ${'a'.repeat(100)}…
  | ${'^'.repeat(100)}`)
  expect(frameOf(line, 1005, 1005)).toBe(`1 | …${'b'.repeat(20)}
  |                      ^`)
  expect(frameOf('z'.repeat(1_000_000), 999_999, 1_000_001)).toBe(`1 | …${'z'.repeat(22)}
  |                      ^^`)
})

test('human: messages of others are made printable, and several lines are shown by their first', () => {
  const odd: Diagnostic = {
    code: 'LG7001',
    severity: 'error',
    message: 'a\nb\u001B[2J',
    at: { file: 'manifests/edge.yaml', line: 6, column: 3, endLine: 7, endColumn: 14 },
  }
  expect(human([odd])).toBe(`error[LG7001]: a\\u{a}b\\u{1b}[2J
 --> manifests/edge.yaml:6:3
  |
6 |   defaultBackendRef:
  |   ^^^^^^^^^^^^^^^^^^

1 error in 1 file
`)
})

test('human: colour only when it is asked for', () => {
  const text = printDiagnostics([HTPS], SOURCES, 'human', true)
  expect(text).toContain('\u001B[1;31merror[LG1004]\u001B[0m')
  expect(text).toContain('\u001B[1;31m^^^^ did you mean "HTTPS"?\u001B[0m')
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  expect(text.replaceAll(/\u001B\[[\d;]*m/g, '')).toBe(human([HTPS]))
  for (const format of ['json', 'github'] satisfies DiagnosticFormat[])
    expect(printDiagnostics([HTPS], SOURCES, format, true)).not.toContain('\u001B')
})

test('nothing to say is nothing, but in JSON an answer', () => {
  expect(human([])).toBe('')
  expect(printDiagnostics([], SOURCES, 'github', false)).toBe('')
  expect(JSON.parse(printDiagnostics([], SOURCES, 'json', false))).toEqual({
    format_version: '1.0',
    valid: true,
    summary: { errors: 0, warnings: 0, files: 0 },
    diagnostics: [],
  })
})
