/** Every diagnostic code is one that a person can meet: some case of test/golden or some test shows it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CODES } from '../src/model/codes.ts'

function read(paths: readonly string[]): string {
  return paths.map((path) => readFileSync(path, 'utf8')).join('\n')
}

function filesBelow(folder: string, ending: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith(ending)).map((file) => `${folder}/${file}`)
}

const shown = read(
  readdirSync('test/golden')
    .map((name) => `test/golden/${name}/diagnostics.txt`)
    .filter((path) => existsSync(path)),
)
const tests = read(filesBelow('test', '.test.ts').filter((file) => !file.endsWith('codes.test.ts')))
const sources = read(filesBelow('src', '.ts').filter((file) => !file.endsWith('model/codes.ts')))

test.each(Object.keys(CODES))('%s is shown by a golden case, or a test asserts it', (code) => {
  expect(shown.includes(`[${code}]`) || tests.includes(`'${code}'`)).toBe(true)
})

test.each(Object.keys(CODES))('%s is used', (code) => {
  expect(sources).toContain(`'${code}'`)
})

test('golden cases show no code that is not there', () => {
  const codes = new Set(Array.from(shown.matchAll(/\[(LG\d{4})\]/g), ([, code]) => code))
  expect([...codes].filter((code) => code !== undefined && !(code in CODES))).toEqual([])
})
