import { expect, test } from 'vitest'
import { readTarget, sealConfig } from '../../src/model/target-file.ts'

const body = 'global\n  maxconn 100\n'
const sealed = sealConfig([body])

test('the header is two comment lines, and the same body gets the same seal', () => {
  expect(sealed.split('\n').slice(0, 2)).toEqual([
    '# Managed by Legate: changes made here are undone. Edit the manifests instead.',
    expect.stringMatching(/^# legate sha256=[0-9a-f]{64}$/),
  ])
  expect(sealed.endsWith(body)).toBe(true)
  expect(sealConfig([body])).toBe(sealed)
})

test.each([
  ['as written', sealed, 'ours'],
  ['empty body', sealConfig(['']), 'ours'],
  ['a value changed', sealed.replace('100', '101'), 'edited'],
  ['a line added at the end', `${sealed}# x\n`, 'edited'],
  ['a line added at the top', `# x\n${sealed}`, 'edited'],
  ['cut off', sealed.slice(0, -1), 'edited'],
  ['CRLF', sealed.replaceAll('\n', '\r\n'), 'edited'],
  ['the seal removed', sealed.replace(/# legate.*\n/, ''), 'edited'],
  ['the notice removed', sealed.replace(/^.*\n/, ''), 'edited'],
  ['another seal', sealed.replace(/sha256=..../, 'sha256=0000'), 'edited'],
  ['no header', body, 'foreign'],
  ['empty', '', 'foreign'],
] as const)('%s: %s', (_, text, ownership) => {
  expect(readTarget(text)).toBe(ownership)
})
