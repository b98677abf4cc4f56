/** HAProxy's own reading of a configuration file: text in, lines of words out, as `parse_line()` of 2.6 makes them. */

export interface Line {
  /** Counts from 1. */
  readonly number: number
  /** Unquoted and unescaped; empty for a blank line or a comment. */
  readonly words: readonly string[]
  /** The comment with its `#`, or empty. */
  readonly comment: string
}

/** HAProxy would refuse the line, cut it short, or make of it what depends on more than the text. */
export class LexError extends Error {
  override readonly name = 'LexError'
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** What `isspace()` takes for a blank; U+00A0 and the like are ordinary characters. */
const BLANK = /[ \t\v\f]/
/** A run of characters that mean nothing special outside quotes. */
const PLAIN = /[^ \t\v\f#\\'"]+/y
const RUNS = /[^ \t\v\f]+/g
const SPECIAL = /[#\\'"]/
const ESCAPES: Readonly<Record<string, string>> = {
  ' ': ' ',
  '\\': '\\',
  '#': '#',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
}

export function lex(text: string): Line[] {
  if (!text.endsWith('\n')) throw new LexError('the last line does not end', 1)
  const lines = text.slice(0, -1).split('\n')
  return lines.map((line, index) => lexLine(line, index + 1))
}

export function lexLine(line: string, number = 1): Line {
  // Both end a line in every state of the lexer, and what follows a CR is dropped without a word.
  if (/[\r\0]/.test(line)) throw new LexError('a carriage return or NUL', number)
  const words: string[] = []
  // Most lines have nothing to take apart but blanks.
  if (!SPECIAL.test(line)) return { number, words: line.match(RUNS) ?? words, comment: '' }
  let at = skipBlanks(line, 0)
  while (at < line.length && line[at] !== '#') {
    const { text, end } = lexWord(line, at, number)
    words.push(text)
    at = skipBlanks(line, end)
  }
  return { number, words, comment: line.slice(at) }
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (at < line.length && BLANK.test(line.charAt(at))) at++
  return at
}

interface Piece {
  readonly text: string
  readonly end: number
}

/** Pieces quoted and not, up to a blank or a comment; `#` begins a comment in mid-word too. */
function lexWord(line: string, from: number, number: number): Piece {
  let text = ''
  let at = from
  while (at < line.length) {
    const c = line.charAt(at)
    if (c === '#' || BLANK.test(c)) break
    const piece = lexPiece(line, at, number)
    text += piece.text
    at = piece.end
  }
  return { text, end: at }
}

function lexPiece(line: string, at: number, number: number): Piece {
  const c = line.charAt(at)
  if (c === '\\') return lexEscape(line, at, number)
  if (c === '"') return lexWeak(line, at, number)
  if (c !== "'") {
    PLAIN.lastIndex = at
    const run = PLAIN.exec(line)?.[0] ?? c
    return { text: run, end: at + run.length }
  }
  const close = line.indexOf("'", at + 1)
  if (close === -1) throw new LexError('an unmatched quote', number)
  return { text: line.slice(at + 1, close), end: close + 1 }
}

function lexEscape(line: string, at: number, number: number): Piece {
  const next = line.charAt(at + 1)
  const escaped = ESCAPES[next]
  if (escaped !== undefined) return { text: escaped, end: at + 2 }
  // Any other backslash stands for itself; so does the `$` after one, outside weak quotes.
  if (next !== 'x') return { text: '\\', end: at + 1 }
  const hex = /^[0-9A-Fa-f]{2}/.exec(line.slice(at + 2))?.[0]
  if (hex === undefined || hex === '00') throw new LexError('a bad \\x escape', number)
  return { text: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 4 }
}

function lexWeak(line: string, from: number, number: number): Piece {
  let text = ''
  let at = from + 1
  while (at < line.length) {
    const c = line.charAt(at)
    if (c === '"') return { text, end: at + 1 }
    // The word would depend on the environment that HAProxy happens to be started in.
    if (c === '$') throw new LexError('an environment variable in weak quotes', number)
    const dollar = c === '\\' && line.charAt(at + 1) === '$'
    if (dollar) text += '$'
    const piece = c === '\\' && !dollar ? lexEscape(line, at, number) : { text: c, end: at + 1 }
    if (!dollar) text += piece.text
    at = dollar ? at + 2 : piece.end
  }
  throw new LexError('an unmatched quote', number)
}
