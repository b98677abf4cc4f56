/** The hostile strings of the injection corpus, and generators of more. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'

interface CorpusItem {
  readonly id: string
  readonly value: string
  readonly expect: { readonly text?: string }
}

const file = new URL('../fixtures/injection-corpus.json', import.meta.url)

/** Items whose value is described instead of given (megabytes of it) are left out. */
export const CORPUS: readonly CorpusItem[] = (
  JSON.parse(readFileSync(file, 'utf8')) as { items: CorpusItem[] }
).items.filter((item) => typeof item.value === 'string')

/** Pieces that mean something to some lexer, glued together at random. */
export const hostile: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          "'",
          '"',
          '\\',
          '#',
          '$',
          '${HOME}',
          '%',
          '%[env(HOME)]',
          '{{',
          '}}',
          '{%',
          ' ',
          '\t',
          '\n',
        ],
        ...[
          '\r',
          '\0',
          '\u0001',
          '\u00010\u0002',
          '\u2028',
          '\u202e',
          '\u00a0',
          '\ud800',
          'é',
          '日',
          '😀',
        ],
        ...[
          '-f',
          '--',
          'if',
          'unless',
          'or',
          '||',
          '{',
          '}',
          '!',
          ',',
          ')',
          '(',
          '\\x41',
          '\\n',
          '[',
          ']',
        ],
        ...[
          'server x 1.2.3.4:1',
          'backend',
          "'\\''",
          '=',
          ';',
          '<<',
          '\v',
          '\f',
          '\u200b',
          '\u0085',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''))

/** Text as the schemas let it through: no control characters, not empty. */
export const accepted: fc.Arbitrary<string> = hostile.filter((text) =>
  /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(text),
)
