import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { findJsonTrouble } from '../../src/consul/json-position.ts'

test.each([
  ['', 1, 1, 'a value (text in double quotes, a number, { or [)'],
  ['{\n  "a": 1,\n}', 3, 1, 'a name in double quotes (no comma stands before })'],
  ['{\n  "a": [1 2]\n}', 2, 11, 'a comma or ]'],
  ['{"a" 1}', 1, 6, 'a colon'],
  ["{'a': 1}", 1, 2, 'a name in double quotes or }'],
  ['{"a": tru}', 1, 7, 'a value (text in double quotes, a number, { or [)'],
  ['{"a": "line\nbreak"}', 1, 7, 'a value (text in double quotes, a number, { or [)'],
  ['[1, 01]', 1, 5, 'a value (text in double quotes, a number, { or [)'],
  ['[1]]', 1, 4, 'nothing more'],
  ['{"a": {"b": 1}', 1, 15, 'a comma or }'],
])('%j: line %i, column %i: %s', (text, line, column, wanted) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
  expect(findJsonTrouble(text)).toEqual({ line, column, wanted })
})

test('everything that is JSON is read to its end', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom('', ' ', '\n'), (json, space) => {
      const text = JSON.stringify(JSON.parse(json), undefined, space) ?? 'null'
      const lines = text.split('\n')
      expect(findJsonTrouble(text)).toEqual({
        line: lines.length,
        column: (lines.at(-1) ?? '').length + 1,
        wanted: 'nothing more',
      })
    }),
  )
})

test('whatever is put into JSON is refused here exactly when it is refused there', () => {
  const mark = fc.constantFrom(...'{}[]:,"0a \\'.split(''))
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), mark, (json, at, put) => {
      const place = at % (json.length + 1)
      const text = json.slice(0, place) + put + json.slice(place)
      const isJson = parses(text)
      const { line, column, wanted } = findJsonTrouble(text)
      const reachesEnd = wanted === 'nothing more' && line === 1 && column === text.length + 1
      expect(reachesEnd).toBe(isJson)
    }),
  )
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
