/** What the patterns let through, tried on strings that should pass and on attacks. */
import { expect, test } from 'vitest'
import { KIND_FILES, readSchema, resolveSchema, SHARED_DEFINITIONS } from '../tools/schema-files.ts'
import type { Schema } from '../tools/schema-files.ts'

/** Strings that between them fit every pattern. */
const GOOD = [
  'api',
  'a-1',
  'TLSv1.2',
  'haproxy',
  'harvest team',
  '5s',
  '1h30m',
  '0640',
  '640',
  'consul',
  '/',
  '/var/lib/haproxy',
  'certs/farmer.io.pem',
  '/health?full=1',
  '/a%20b/~c',
  '*',
  '10.0.0.1',
  '2001:db8::1',
  '10.0.0.0/8',
  '2001:db8::/32',
  '10.0.0.1:514',
  '[::1]:514',
  'farmer.io',
  '*.farmer.io',
  'api.farmer.io:8443',
  'X-Forwarded-Proto',
  'local0',
  'stdout',
  '200-399',
  '200,204',
  'http://127.0.0.1:8500',
  'unix:///run/consul.sock',
  'file:/a b.json',
]

const CONTROLS = ['\0', '\t', '\n', '\r', '\u001F', '\u007F', '\u0085', '\u009F']

/** Every pattern in the schemas, once. */
function patternsIn(schema: Schema): string[] {
  const below = [
    ...Object.values(schema.properties ?? {}),
    schema.items,
    schema.propertyNames,
    schema.additionalProperties,
  ].filter((s) => typeof s === 'object')
  return [...(schema.pattern === undefined ? [] : [schema.pattern]), ...below.flatMap(patternsIn)]
}

const NAMES = [...Object.values(KIND_FILES), 'settings']
const PATTERNS = [...new Set(NAMES.flatMap((name) => patternsIn(resolveSchema(readSchema(name)))))]

test.each(PATTERNS)('%s is anchored and lets no control character in', (pattern) => {
  expect(pattern).toMatch(/^\^.*\$$/)
  const regex = new RegExp(pattern, 'u')
  const good = GOOD.filter((text) => regex.test(text))
  expect(good).not.toEqual([])
  const bad = good.flatMap((text) =>
    Array.from({ length: text.length + 1 }, (_, at) =>
      CONTROLS.map((c) => text.slice(0, at) + c + text.slice(at)),
    ).flat(),
  )
  expect(bad.filter((text) => regex.test(text))).toEqual([])
})

const CASES: Readonly<Record<string, { good: string[]; bad: string[] }>> = {
  label: {
    good: ['a', '7', 'api-2', 'x'.repeat(63)],
    bad: ['', 'A', '-a', 'a-', 'a_b', 'a.b', 'x'.repeat(64), 'legate_x'],
  },
  duration: {
    good: ['5s', '1h30m', '250ms', '0s', '99999h'],
    bad: ['5', 's', '5 s', '-5s', '1.5s', '100000s', '1h1h1h1h1h', '5d', '5S'],
  },
  filePath: {
    good: ['a', '/etc/x.pem', 'errors/503.http', '..a/b', 'a/...', './a', '/a@b+c'],
    bad: ['', '..', '../a', 'a/..', 'a/../b', '/..', 'a//b', '/', 'a/', 'a b', 'a"b', 'a$b', '~a%'],
  },
  urlPath: {
    good: ['/', '/api', '/a%20b', "/it's;x=1,2", '//'],
    bad: ['', 'api', '/a b', '/a?b', '/a#b', '/a"b', String.raw`/a\b`, '/{a}', '/é'],
  },
  hostname: {
    good: ['farmer.io', 'a', 'xn--bcher-kva.example', '10.0.0.1'],
    bad: ['', '*.farmer.io', 'Farmer.io', 'farmer.io.', '.io', 'a..b', 'a_b', 'farmer.io:80', '-a'],
  },
  hostnamePattern: {
    good: ['farmer.io', '*.farmer.io', '*.io'],
    bad: ['*', '*.', '*farmer.io', 'a.*.io', '*.*.io', '**.io', '*.Farmer.io'],
  },
  headerName: {
    good: ['X-Forwarded-Proto', 'a', "x!#$&'*+.^_|~-"],
    bad: ['', 'a b', 'a:b', 'a"b', 'a%b', 'a(b)', 'é', 'x'.repeat(257)],
  },
  ipAddress: {
    good: ['10.0.0.1', '::', '::1', '2001:db8::1', '::ffff:10.0.0.1'],
    bad: [
      '',
      'localhost',
      '10.0.0',
      '10.0.0.1:80',
      '[::1]',
      '::1%eth0',
      'FE80::1',
      'dead',
      '1.2.3.4 ',
    ],
  },
  cidr: {
    good: ['10.0.0.0/8', '::/0', '2001:db8::/32'],
    bad: ['10.0.0.0', '10.0.0.0/', '/8', '10.0.0.0/8/8', '10.0.0.0/-1'],
  },
  text: {
    good: ['a', 'a b', '"quoted" $HOME %[src] #x \\', 'é', '\u{1F33E}'],
    bad: ['', 'a\nb', '\0', 'a\u0085b'],
  },
  word: { good: ['dc1', 'a_b-C'], bad: ['', 'a b', 'a.b', 'a/b', 'a&b', 'x'.repeat(65)] },
}

test.each(Object.entries(CASES))('%s', (name, { good, bad }) => {
  const regex = new RegExp(SHARED_DEFINITIONS[name]?.pattern ?? '', 'u')
  expect(good.filter((text) => !regex.test(text))).toEqual([])
  expect(bad.filter((text) => regex.test(text))).toEqual([])
})

test('every shared pattern has its cases', () => {
  const withPattern = Object.entries(SHARED_DEFINITIONS).filter(([, s]) => s.pattern !== undefined)
  expect(Object.keys(CASES).toSorted()).toEqual(withPattern.map(([name]) => name).toSorted())
})
