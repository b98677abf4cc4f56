/** docs/faults.md names tests: each of them has to be there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../tools/site.ts'

const page = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8')
const rows = page.split('\n').filter((line) => /^\| (?!fault|---)/.test(line))
const named = rows.flatMap((row) => {
  const cell = row.split('|')[3] ?? ''
  return [...cell.matchAll(/`(test\/[^`]+)`: (.+?)(?=; `test|\s*$)/g)].map(
    ([, file = '', words = '']) => ({
      file,
      words,
    }),
  )
})

test('every fault has a test', () => {
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter((row) => !row.includes('`test/'))).toEqual([])
})

test.each(named)('$file: $words', ({ file, words }) => {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const titles = [
    ...text.matchAll(/^ +'.*'|(?:test|\)|describe)[^'`\n]*\(\s*(?:'([^'\n]*)'|`([^`\n]*)`)/gm),
  ].join('\n')
  expect(titles).toContain(words)
})
