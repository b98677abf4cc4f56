import { expect, test } from 'vitest'
import type { Places } from '../../src/model/resource.ts'
import { LIMITS } from '../../src/manifest/bounds.ts'
import { readYaml } from '../../src/manifest/yaml.ts'

function placesIn(text: string, document = 0): { key: Show; value: Show } {
  const { documents, diagnostics } = readYaml({ path: 'a.yaml', text }, LIMITS)
  expect(diagnostics).toEqual([])
  const places = documents[document]?.places
  if (places === undefined) throw new Error('no document')
  return { key: show(places, 'key', text), value: show(places, 'value', text) }
}

type Show = (pointer: string) => string

/** `line:column text`, cut out of the source by the position itself. */
function show(places: Places, which: 'key' | 'value', source: string): Show {
  return (pointer) => {
    const { line, column, endLine, endColumn } = places[which](pointer)
    expect(endLine).toBe(line)
    const text = source.split(/\r?\n/)[line - 1]?.slice(column - 1, endColumn - 1)
    return `${line}:${column} ${text}`
  }
}

test('fields, items and the document', () => {
  const { key, value } = placesIn('# top\na: 1\nb:\n  - c: x y\n    d: e\n  - f\n')
  expect(value('')).toBe('2:1 a: 1')
  expect(key('/a')).toBe('2:1 a')
  expect(value('/a')).toBe('2:4 1')
  expect(key('/b')).toBe('3:1 b')
  expect(value('/b')).toBe('4:3 - c: x y')
  expect(value('/b/0')).toBe('4:5 c: x y')
  expect(value('/b/0/c')).toBe('4:8 x y')
  expect(key('/b/0/d')).toBe('5:5 d')
  expect(value('/b/1')).toBe('6:5 f')
  expect(key('/b/1')).toBe('6:5 f')
})

test('what is not there is shown at the nearest parent that is', () => {
  const { key, value } = placesIn('a:\n  b: 1\n')
  expect(value('/a/c/d')).toBe('2:3 b: 1')
  expect(key('/a/c')).toBe('2:3 b: 1')
  expect(value('/x/y')).toBe('1:1 a:')
})

test('empty values stand at their key, empty items at the key of their list', () => {
  const { key, value } = placesIn('a:\nb: 1\n')
  expect(value('/a')).toBe('1:1 a')
  expect(key('/a')).toBe('1:1 a')
  const list = placesIn('hosts:\n  -\n  - b\n  -\n')
  expect(list.value('/hosts/0')).toBe('1:1 hosts')
  expect(list.value('/hosts/1')).toBe('3:5 b')
  expect(list.value('/hosts/2')).toBe('1:1 hosts')
  expect(placesIn('- \n- a\n').value('/0')).toBe('1:1 -')
})

test('flow style, quotes, block text, several lines', () => {
  const { key, value } = placesIn(
    `a: { "b c": 'x', d: [1, "two"] }\ne: |\n   first\n   second\nf: one\n  two\ng: ""\nh: {}\n`,
  )
  expect(value('/a')).toBe(`1:4 { "b c": 'x', d: [1, "two"] }`)
  expect(key('/a/b c')).toBe('1:6 "b c"')
  expect(value('/a/b c')).toBe(`1:13 'x'`)
  expect(value('/a/d')).toBe('1:21 [1, "two"]')
  expect(value('/a/d/1')).toBe('1:25 "two"')
  expect(value('/e')).toBe('3:4 first')
  expect(value('/f')).toBe('5:4 one')
  expect(value('/g')).toBe('7:4 ""')
  expect(value('/h')).toBe('8:4 {}')
})

test('pointers are escaped, keys may be numbers, and keys may be pairs in a list', () => {
  const { key, value } = placesIn('a/b: 1\nc~d: 2\n5: 3\nlist: [x, y: 1]\n')
  expect(key('/a~1b')).toBe('1:1 a/b')
  expect(key('/c~0d')).toBe('2:1 c~d')
  expect(value('/5')).toBe('3:4 3')
  expect(value('/list/1/y')).toBe('4:14 1')
})

test('the second document, CRLF and a byte order mark', () => {
  const { key, value } = placesIn('a: 1\r\n---\r\nb:\r\n  c: 2\r\n', 1)
  expect(key('/b/c')).toBe('4:3 c')
  expect(value('/b/c')).toBe('4:6 2')
  const marked = readYaml({ path: 'a.yaml', text: '\uFEFFa: 1\n' }, LIMITS).documents[0]
  expect(marked?.places.key('/a')).toMatchObject({ line: 1, column: 1 })
})

test('documents of a file that is broken elsewhere keep their places', () => {
  const text = 'a: [\n---\nb:\n  c: 2\n'
  const { documents } = readYaml({ path: 'a.yaml', text }, LIMITS)
  expect(documents[0]?.places.key('/b/c')).toMatchObject({ line: 4, column: 3, endColumn: 4 })
})

test.each([
  ['marks and comments', '# top\n\n---\na: 1\n--- # two\n# more\na: 22\n---\n---\na: 333\n', 3],
  ['directives', '%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\na: 22\n', 2],
  ['an end without a mark behind it', 'a: 1\n...\na: 22\n...\n# end\na: 333\n', 3],
  [
    'a mark with the value behind it, and dashes that are none',
    '--- {a: 1}\n---\na: "x\n ---x"\n',
    2,
  ],
  ['carriage returns', 'a: 1\r\n---\r\nb: 1\r\na: 22\r\n', 2],
])('a document is found among others: %s', (_, text, count) => {
  const { documents } = readYaml({ path: 'a.yaml', text }, LIMITS)
  expect(documents.length).toBe(count)
  // Asked in another order than they stand in.
  for (const [i, { places }] of [...documents.entries()].toReversed()) {
    const wanted = [...text.matchAll(/\ba(?=:)/g)][i]?.index ?? Number.NaN
    const before = text.slice(0, wanted).split('\n')
    const { line, column } = places.key('/a')
    expect([i, line, column]).toEqual([i, before.length, (before.at(-1)?.length ?? 0) + 1])
  }
})
