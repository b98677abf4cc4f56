import { array, sample } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lex, LexError, lexLine } from '../../src/render/lexer.ts'
import { hostile } from './corpus.ts'
import { startHaproxy, TIMEOUTS } from '../haproxy/start-haproxy.ts'
import { findHaproxy } from '../tools/binaries.ts'

const words = (line: string): readonly string[] => lexLine(line).words

test.each([
  ['  a  b\tc\vd\fe ', ['a', 'b', 'c', 'd', 'e']],
  ['a#b c', ['a']],
  ['# all comment', []],
  ["'a b'\\''c'\"d e\"", ["a b'cd e"]],
  ["'a # \\ $HOME \"'", ['a # \\ $HOME "']],
  ['"a # \' \\" \\\\ \\$"', ['a # \' " \\ $']],
  [String.raw`a\ b\#c\'d\"e\\f`, [`a b#c'd"e\\f`]],
  [String.raw`a\x41\x62b`, ['aAbb']],
  [String.raw`a\n\r\tb`, ['a\n\r\tb']],
  [String.raw`a\$b $HOME \q`, [String.raw`a\$b`, '$HOME', String.raw`\q`]],
  ["a '' b", ['a', '', 'b']],
  ['a\u00a0b\u2028c', ['a\u00a0b\u2028c']],
  ["'backend' x", ['backend', 'x']],
])('%j has the words %j', (line, expected) => {
  expect(words(line)).toEqual(expected)
})

test.each([
  ["a 'b", 'unmatched quote'],
  ['a "b', 'unmatched quote'],
  ['a\rb', 'carriage return'],
  ["'a\0b'", 'NUL'],
  [String.raw`a\xzz`, 'escape'],
  [String.raw`a\x00b`, 'escape'],
  ['"${HOME}"', 'environment variable'],
])('%j cannot be read', (line, why) => {
  expect(() => words(line)).toThrow(LexError)
  expect(() => words(line)).toThrow(why)
})

test('a comment is kept apart from the words', () => {
  expect(lexLine('a b # c "d').comment).toBe('# c "d')
})

test('a text without a last line end might have been cut', () => {
  expect(() => lex('a\nb')).toThrow(LexError)
  expect(lex('a\n\nb c\n').map((line) => line.words)).toEqual([['a'], [], ['b', 'c']])
})

const haproxy = await findHaproxy({ fetch: true })

describe.skipIf(haproxy === undefined)('beside the real lexer', () => {
  test('reads the same words from 600 random lines', { timeout: 60_000 }, async () => {
    const texts = array(hostile, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '))
    const lines = sample(texts, { numRuns: 3000, seed: 7 }).filter(comparable).slice(0, 600)
    expect(lines).toHaveLength(600)
    const acls = lines.map((line, i) => `  acl a${i} path -m str -- ${line}`).join('\n')
    const running = await startHaproxy(
      haproxy ?? '',
      (folder) =>
        `global\n  stats socket ${folder}/stats.sock level admin\n` +
        `frontend f\n  mode http\n  ${TIMEOUTS}\n  bind unix@${folder}/f.sock\n${acls}\n`,
    )
    try {
      // ACLs are numbered from 0 in the order of the file.
      const found: string[][] = []
      const ask = (command: string): Promise<string> => running.ask(command, '@1')
      // oxlint-disable-next-line no-await-in-loop -- the master takes few connections at once
      for (const i of lines.keys()) found.push(await patterns(ask, i))
      expect(found).toEqual(lines.map((line) => words(line)))
    } finally {
      await running.stop()
    }
  })
})

/** Lines whose words `show acl` can show: it prints one pattern a line and trims nothing. */
function comparable(line: string): boolean {
  // Lone surrogates do not survive being written to a file.
  if (/[\n\r\0\p{Cs}]/u.test(line)) return false
  try {
    const read = words(line)
    return (
      read.length > 0 &&
      read.length < 50 &&
      read.every((word) => word !== '' && !/[\n\r]/.test(word))
    )
  } catch (error) {
    if (error instanceof LexError) return false
    throw error
  }
}

async function patterns(ask: (command: string) => Promise<string>, id: number): Promise<string[]> {
  const answer = await ask(`show acl #${id}`)
  const lines = answer.split('\n').filter((line) => line.startsWith('0x'))
  return lines.map((line) => line.slice(line.indexOf(' ') + 1))
}
