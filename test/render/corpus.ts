/** The hostile strings of the injection corpus, and generators of more. */
import { readFileSync } from 'node:fs'
import type { Arbitrary } from 'fast-check'
import { array, constantFrom, oneof, string } from 'fast-check'

interface CorpusItem {
  readonly id: string
  readonly value: string
  readonly expect: { readonly text?: string }
}

const file = new URL('../fixtures/injection-corpus.json', import.meta.url)

/** Items whose value is described instead of given (megabytes of it) are left out. */
export const CORPUS: readonly CorpusItem[] = readCorpus().filter(
  (item) => typeof item.value === 'string',
)

function readCorpus(): readonly CorpusItem[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own fixture
  return (JSON.parse(readFileSync(file, 'utf8')) as { items: CorpusItem[] }).items
}

const WORDS =
  "' \" \\ # $ ${HOME} % %[env(HOME)] {{ }} {% -f -- if unless or || { } ! , ) ( [ ] \\x41 \\n = ; << backend '\\''"
const BLANKS = [' ', ' ', '\t', '\n', '\r', '\v', '\f', '\u00a0', '\u0085', '\u2028', '\u200b']
const OTHERS = [
  '\0',
  '\u0001',
  '\u00010\u0002',
  '\u202e',
  '\ud800',
  'é',
  '日',
  '😀',
  'server x 1.2.3.4:1',
]

/** Pieces that mean something to some lexer, glued together at random. */
export const hostile: Arbitrary<string> = array(
  oneof(
    constantFrom(...WORDS.split(' '), ...BLANKS, ...OTHERS),
    string({ unit: 'binary', maxLength: 3 }),
  ),
  { minLength: 1, maxLength: 12 },
).map((parts) => parts.join(''))

/** Text as the schemas let it through: no control characters, not empty. */
export const accepted: Arbitrary<string> = hostile.filter((text) =>
  /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(text),
)
