import { assert, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lexLine } from '../../src/render/lexer.ts'
import * as quoting from '../../src/render/quote.ts'
import { CORPUS, hostile } from './corpus.ts'

const { quote, QuoteError } = quoting

describe('word', () => {
  test('refuses what the corpus refuses as text, and takes the rest', () => {
    // Lengths are the schemas' to bound; everything else is ours.
    const wrong = CORPUS.filter(({ id }) => !id.startsWith('len-')).filter(
      ({ value, expect: expected }) =>
        expected.text !== undefined && isRefused(value) !== (expected.text === 'reject'),
    )
    expect(wrong).toEqual([])
    expect(CORPUS.length).toBeGreaterThan(80)
  })

  test('comes out of the lexer as one word, exactly as it went in, or is refused', () => {
    assert(
      property(hostile, (text) => {
        const refused = isRefused(text)
        expect(refused).toBe(/^$|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text))
        const words = refused ? [] : lexLine(`a ${quote(text)} b`).words
        expect(words).toEqual(refused ? [] : ['a', text, 'b'])
      }),
      { numRuns: 3000 },
    )
  })

  test('is bare where people would write it so', () => {
    for (const bare of [
      '/etc/haproxy/x.pem',
      'ECDHE+AESGCM:!aNULL',
      '200-399',
      '[::1]:80',
      'a=b,c',
    ])
      expect(quote(bare)).toBe(bare)
    for (const quoted of ['a b', 'a#b', '$5$x', 'a\\b', 'a"b', 'é', '{', 'a;b'])
      expect(quote(quoted)).toBe(`'${quoted}'`)
    expect(quote("it's")).toBe(String.raw`'it'\''s'`)
  })
})

function isRefused(text: string): boolean {
  try {
    quoting.word(text)
    return false
  } catch (error) {
    if (error instanceof QuoteError) return true
    throw error
  }
}

test('logformat doubles what log-formats evaluate', () => {
  expect(quoting.logformat('100% %[env(HOME)]')).toBe('100%% %%[env(HOME)]')
})

test.each([
  [0, '0'],
  [1, '1ms'],
  [1500, '1500ms'],
  [5000, '5s'],
  [90_000, '90s'],
  [600_000, '10m'],
  [3_600_000, '1h'],
  [86_400_000, '24h'],
])('%d ms is %s', (ms, text) => {
  expect(quoting.time(ms)).toBe(text)
})

test.each([-1, 1.5, Number.NaN, Infinity])('%d is no time', (ms) => {
  expect(() => quoting.time(ms)).toThrow(QuoteError)
})

test.each([
  ['10.0.0.1', 80, '10.0.0.1:80'],
  ['::1', 80, '[::1]:80'],
  ['*', 80, '*:80'],
  ['2001:db8::1', undefined, '2001:db8::1'],
  ['db-1.farmer.io', 5432, 'db-1.farmer.io:5432'],
])('address %s port %s is %s', (address, port, text) => {
  expect(quoting.address(address, port)).toBe(text)
})

const FAKE_ADDRESSES = [
  '',
  '10.0.0.1 check',
  ...'${HOME} $HOME.farmer.io fe80::1%eth0 unix@/run/x abns@x /var/run/docker.sock 127.1'.split(
    ' ',
  ),
  ...'0x7f000001 2130706433 0177.0.0.1 10.0.0.1:80 UPPER.io ipv4@1.2.3.4 fd@3 a_b -a a..b'.split(
    ' ',
  ),
]

test.each(FAKE_ADDRESSES)('%j is no address', (address) => {
  expect(() => quoting.address(address, 80)).toThrow(QuoteError)
})

test.each([0, -1, 65_536, 1.5, Number.NaN])('%d is no port', (port) => {
  expect(() => quoting.address('10.0.0.1', port)).toThrow(QuoteError)
})

test.each(['stdout', 'stderr', '/dev/log', '10.0.0.1', '10.0.0.1:514', '[::1]:514'])(
  'logs may go to %s',
  (target) => {
    expect(quoting.logTarget(target)).toBe(target)
  },
)

test('logs to an IPv6 address without a port go to the port of syslog', () => {
  expect(quoting.logTarget('::1')).toBe('[::1]:514')
})

test.each([
  '${HOME}',
  'fd@2',
  'ring@x',
  '10.0.0.1:99999',
  '[10.0.0.1',
  '[::1]',
  'farmer.io',
  '/a b',
  '',
])('logs may not go to %j', (target) => {
  expect(() => quoting.logTarget(target)).toThrow(QuoteError)
})

test.each(['/a$HOME', 'a/b', '/a b', '/a,b', '/a)b', "/a'b", '/a\nb', '/%[x]', ''])(
  '%j is no path',
  (path) => {
    expect(() => quoting.path(path)).toThrow(QuoteError)
  },
)

test.each(['', 'a b', '-a', '_a', 'a:b', 'a,b', 'é', 'a'.repeat(128)])('%j is no name', (name) => {
  expect(() => quoting.name(name)).toThrow(QuoteError)
})

test.each(['', 'a b', 'a:b', 'a(b', 'a)b', 'a,b', 'é', 'a\n'])('%j is no header name', (name) => {
  expect(() => quoting.header(name)).toThrow(QuoteError)
})

test('a map file takes keys without blanks and values that survive trimming', () => {
  for (const key of ['a b', '#a', '', 'a\tb', 'a\u00a0b'])
    expect(() => quoting.mapKey(key)).toThrow(QuoteError)
  for (const value of [' a', 'a ', '', 'a\nb'])
    expect(() => quoting.mapValue(value)).toThrow(QuoteError)
  expect(quoting.mapKey('a#b/')).toBe('a#b/')
})

test('a list joins plain words, and nothing that would be two', () => {
  expect(quoting.list(['h2', 'http/1.1'])).toBe('h2,http/1.1')
  for (const values of [[], ['a,b'], ['a b'], ['']])
    expect(() => quoting.list(values)).toThrow(QuoteError)
})

test('an argument is quoted inside its word', () => {
  expect(quoting.argument('a.b-c/1')).toBe('a.b-c/1')
  expect(quoting.argument(String.raw`a,b)"\ `)).toBe(String.raw`"a,b)\"\\ "`)
})
