/** The example site in manifests/: valid, complete, and its error files as HAProxy wants them. */
import { readdirSync, readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import { KIND_FILES } from '../tools/schema-files.ts'
import { compileSchema } from './ajv.ts'

const SITE = new URL('../../manifests/', import.meta.url)
const MODELINE = '# yaml-language-server: $schema=../schemas/all.schema.json\n'

const files = readdirSync(SITE).filter((name) => name.endsWith('.yaml'))
const errorFiles = readdirSync(new URL('errors/', SITE)).filter((name) => name.endsWith('.http'))

function read(path: string): string {
  return readFileSync(new URL(path, SITE), 'utf8')
}

test.each(files)('%s is valid and names its schema for editors', (file) => {
  expect(read(file).startsWith(MODELINE)).toBe(true)
  const validate = compileSchema('all')
  const documents = loadAll(read(file))
  expect(documents).not.toEqual([])
  for (const document of documents) {
    validate(document)
    expect(validate.errors).toBeNull()
  }
})

test('the site shows every kind', () => {
  const kinds = files
    .map(read)
    .join('')
    .matchAll(/^kind: (\w+)$/gm)
  expect(new Set(Array.from(kinds, ([, kind]) => kind))).toEqual(new Set(Object.keys(KIND_FILES)))
})

test('the error files are those that the Defaults name', () => {
  const named = read('defaults.yaml').matchAll(/file: errors\/([\w.]+)/g)
  expect(new Set(Array.from(named, ([, file]) => file))).toEqual(new Set(errorFiles))
})

// HAProxy refuses a file whose Content-Length is wrong, and answers 500 for one over its buffer.
test.each(errorFiles)('%s is a whole response', (file) => {
  const text = read(`errors/${file}`)
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [start, ...fields] = head.split('\r\n')
  expect(start).toMatch(new RegExp(`^HTTP/1\\.1 ${file.replace('.http', '')} [A-Za-z -]+$`))
  expect(fields).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
  expect(fields.join('\n')).not.toMatch(/[^\n -~]/)
  expect(text).not.toMatch(/[^\r]\n/)
  expect(Buffer.byteLength(text)).toBeLessThan(15_360)
})
