/** Finds where JSON stops being JSON: text that JSON.parse refused goes in, line and column come out. */

export interface JsonTrouble {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** What may stand there, such as `a comma or }`. */
  readonly wanted: string
}

/** V8's own message has a position or not, depending on version and text; this is the same everywhere. */
export function findJsonTrouble(text: string): JsonTrouble {
  const { offset, wanted } = scan(text)
  const before = text.slice(0, offset)
  return {
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
    wanted,
  }
}

const MARKS = ['{', '}', '[', ']', ':', ','] as const
type Token = (typeof MARKS)[number] | 'text' | 'scalar'
type State = 'value' | 'first-value' | 'name' | 'first-name' | 'colon' | After
type After = 'after-member' | 'after-item' | 'after-all'

const VALUE = { '{': 'first-name', '[': 'first-value', text: 'after', scalar: 'after' } as const

/** What may follow; `after` is the state that the innermost bracket still open asks for. */
const GRAMMAR: Readonly<Record<State, Partial<Record<Token, State | 'after'>>>> = {
  value: VALUE,
  'first-value': { ...VALUE, ']': 'after' },
  name: { text: 'colon' },
  'first-name': { text: 'colon', '}': 'after' },
  colon: { ':': 'value' },
  'after-member': { ',': 'name', '}': 'after' },
  'after-item': { ',': 'value', ']': 'after' },
  'after-all': {},
}

const WANTED: Readonly<Record<State, string>> = {
  value: 'a value (text in double quotes, a number, { or [)',
  'first-value': 'a value or ]',
  name: 'a name in double quotes (no comma stands before })',
  'first-name': 'a name in double quotes or }',
  colon: 'a colon',
  'after-member': 'a comma or }',
  'after-item': 'a comma or ]',
  'after-all': 'nothing more',
}

const SPACE = /[ \t\r\n]*/y
const TOKEN =
  /(?<mark>[{}[\]:,])|(?<text>"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/uy

function scan(text: string): { offset: number; wanted: string } {
  const open: Token[] = []
  let state: State = 'value'
  let offset = 0
  for (;;) {
    const { token, start, end } = readToken(text, offset)
    const next: State | 'after' | undefined = token && GRAMMAR[state][token]
    if (token === undefined || next === undefined) return { offset: start, wanted: WANTED[state] }
    if (next.startsWith('first-')) open.push(token)
    if (token === '}' || token === ']') open.pop()
    state = next === 'after' ? after(open.at(-1)) : next
    offset = end
  }
}

/** `token` is undefined at the end of the text and where no token can be. */
function readToken(text: string, offset: number): { token?: Token; start: number; end: number } {
  const start = offset + (matchAt(SPACE, text, offset)?.[0].length ?? 0)
  const found = matchAt(TOKEN, text, start)
  if (found === null) return { start, end: start }
  const mark = MARKS.find((m) => m === found.groups?.['mark'])
  const word = found.groups?.['text'] === undefined ? 'scalar' : 'text'
  return { token: mark ?? word, start, end: start + found[0].length }
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset
  return pattern.exec(text)
}

function after(innermost: Token | undefined): After {
  if (innermost === undefined) return 'after-all'
  return innermost === '{' ? 'after-member' : 'after-item'
}
