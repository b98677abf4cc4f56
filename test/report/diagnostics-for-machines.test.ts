import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { printDiagnostics } from '../../src/report/diagnostics.ts'
import { at, HTPS, SOURCES } from './edge.ts'

test('json: the shape of terraform, with code, pointer and related places', () => {
  const related = [{ message: 'here too', at: at('b.yaml', 1, 8, 9) }]
  const text = printDiagnostics([{ ...HTPS, related }], SOURCES, 'json', false)
  expect(text).toBe(`{
  "format_version": "1.0",
  "valid": false,
  "summary": {
    "errors": 1,
    "warnings": 0,
    "files": 1
  },
  "diagnostics": [
    {
      "severity": "error",
      "code": "LG1004",
      "summary": "\\"HTPS\\" is not one of HTTP, HTTPS",
      "detail": "did you mean \\"HTTPS\\"?",
      "pointer": "/spec/listeners/0/protocol",
      "range": {
        "filename": "manifests/edge.yaml",
        "start": {
          "line": 10,
          "column": 17
        },
        "end": {
          "line": 10,
          "column": 21
        }
      },
      "snippet": {
        "code": "      protocol: HTPS",
        "start_line": 10,
        "highlight_start_offset": 16,
        "highlight_end_offset": 20
      },
      "related": [
        {
          "message": "here too",
          "range": {
            "filename": "b.yaml",
            "start": {
              "line": 1,
              "column": 8
            },
            "end": {
              "line": 1,
              "column": 9
            }
          }
        }
      ]
    }
  ]
}
`)
})

test('json: warnings alone are valid, and nothing in it moves a terminal', () => {
  const message = 'a\u009B2J\u202E\u2028😀\u{E0001}"'
  const text = printDiagnostics(
    [{ code: 'LG4001', severity: 'warning', message }],
    SOURCES,
    'json',
    false,
  )
  expect(text).toContain('"a\\u009b2J\\u202e\\u2028😀\\udb40\\udc01\\""')
  expect(JSON.parse(text)).toMatchObject({ valid: true, diagnostics: [{ summary: message }] })
})

test('github: one command a diagnostic, errors first', () => {
  const warning: Diagnostic = {
    code: 'LG4001',
    severity: 'warning',
    message: '100% unused\r\nx',
    at: at('a,b:c%.yaml', 1, 2, 6),
    related: [{ message: 'see', at: at('b.yaml', 1, 8, 9) }],
  }
  const wide: Diagnostic = {
    code: 'LG0001',
    severity: 'error',
    message: 'wide',
    at: { file: 'z.yaml', line: 1, column: 2, endLine: 3, endColumn: 4 },
  }
  const nowhere: Diagnostic = { code: 'LG0007', severity: 'error', message: 'nothing' }
  expect(printDiagnostics([warning, HTPS, wide, nowhere], SOURCES, 'github', false))
    .toBe(`::error title=LG0007::nothing
::error file=manifests/edge.yaml,line=10,endLine=10,col=17,endColumn=21,title=LG1004::"HTPS" is not one of HTTP, HTTPS (did you mean "HTTPS"?)
::error file=z.yaml,line=1,endLine=3,title=LG0001::wide
::warning file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=2,endColumn=6,title=LG4001::100%25 unused\\u{d}\\u{a}x; see: b.yaml:1:8
3 errors, 1 warning in 3 files
`)
})

test('github: at most ten of each', () => {
  const many = Array.from({ length: 25 }, (_, i): Diagnostic => {
    const severity = i < 13 ? 'error' : 'warning'
    return { code: 'LG1002', severity, message: `m${i}`, at: at('f', i + 1, 1, 2) }
  })
  const lines = printDiagnostics(many, SOURCES, 'github', false).trimEnd().split('\n')
  expect(lines).toHaveLength(22)
  expect(lines.slice(-2)).toEqual([
    '…and 3 errors, 2 warnings more',
    '13 errors, 12 warnings in 1 file',
  ])
})
