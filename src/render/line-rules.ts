/** What no line of a section may be, whoever wrote its template: words in, the objection out. */
import type { Hole } from './holes.ts'
import { holesIn } from './holes.ts'

/** HAProxy's MAX_LINE_ARGS: one more is fatal. */
const MAX_WORDS = 64
const LOG_FORMAT_LINES =
  /^(?:http-(?:request|response|after-response|check)|tcp-(?:request|response)|log-format(?:-sd)?|error-log-format|unique-id-format|use_backend|use-server|redirect)$/
/** Names that an `acl` line would silently take the meaning from, and words of conditions. */
const TAKEN_ACL =
  /^(?:TRUE|FALSE|HTTP|HTTP_.*|METH_.*|LOCALHOST|RDP_COOKIE|REQ_CONTENT|WAIT_END|if|unless|or|\|\||!.*)$/
/** Filters after which a `%` is literal: doubled, or in a place without log-format. */
const LITERAL: ReadonlySet<string> = new Set(['logformat', 'realm', 'header'])
const LEFTOVER = /\[object |\bundefined\b|\bNaN\b|^function\b/

interface Rule {
  readonly broken: (line: RenderedLine) => boolean
  readonly says: string
}

/** `plan` are the words with marks, `words` the same with their values. */
export interface RenderedLine {
  readonly plan: readonly string[]
  readonly words: readonly string[]
  readonly holes: readonly Hole[]
}

const RULES: readonly Rule[] = [
  {
    broken: ({ words }) => words.length > MAX_WORDS,
    says: `has more than the ${MAX_WORDS} words that HAProxy takes a line`,
  },
  {
    broken: ({ words }) => words.includes(''),
    says: 'has an empty word, after which HAProxy drops the rest',
  },
  {
    broken: ({ words }) => words[0] === 'acl' && TAKEN_ACL.test(words[1] ?? ''),
    says: "takes the name of one of HAProxy's own ACLs",
  },
  {
    broken: ({ plan }) => plan.some((word) => LEFTOVER.test(word)),
    says: 'contains what a template prints when it went wrong',
  },
  { broken: evaluatesValue, says: 'lets HAProxy evaluate a value: use the filter `logformat`' },
  { broken: endsCondition, says: 'lets a value end a condition: use the filter `pattern`' },
  { broken: flagFromValue, says: 'lets a value be taken for a flag: put `--` before it' },
]

/** What is wrong with the line; undefined when nothing is. */
export function checkLine(line: RenderedLine): string | undefined {
  return RULES.find((rule) => rule.broken(line))?.says
}

/** A `%` of a value in a line of log-formats, where only `logformat` may put one. Conditions are literal. */
function evaluatesValue({ plan, words, holes }: RenderedLine): boolean {
  if (!LOG_FORMAT_LINES.test(words[0] ?? '')) return false
  const condition = insideBraces(plan)
  return plan.some(
    (word, index) =>
      // `http-check send uri` is literal; `uri-lf` is the other one.
      words[index - 1] !== 'uri' &&
      condition[index] !== true &&
      holesIn(word, holes).some((hole) => isEvaluated(hole, word)),
  )
}

/** A word `}` ends an anonymous ACL, quoted or not. */
function endsCondition({ plan, words }: RenderedLine): boolean {
  if (!words.includes('}')) return false
  const condition = insideBraces(plan)
  return words.some((word, i) => condition[i] === true && word === '}' && plan[i] !== '}')
}

function isEvaluated({ filter, value }: Hole, word: string): boolean {
  // Quoted a second time, which a log-format around the expression does not see.
  if (filter === 'argument') return word.includes('%[') && /[%\]]/.test(value)
  return !LITERAL.has(filter) && value.includes('%')
}

/** Among the patterns of an ACL, `-f FILE` reads a file and `-m reg` changes what they mean. */
function flagFromValue({ plan, words, holes }: RenderedLine): boolean {
  if (!words.some((word) => word.startsWith('-'))) return false
  const condition = insideBraces(plan)
  return words.some((word, index) => {
    if (plan[0] !== 'acl' && condition[index] !== true) return false
    if (!word.startsWith('-') || holesIn(plan[index] ?? '', holes).length === 0) return false
    const before = plan.slice(0, index)
    return !before.slice(before.findLastIndex((w) => /^!?\{$/.test(w)) + 1).includes('--')
  })
}

/** For each word, whether it is part of an anonymous ACL, `{ … }`; a brace that is a value is none. */
function insideBraces(plan: readonly string[]): boolean[] {
  let inside = false
  return plan.map((word) => {
    if (word === '}') inside = false
    const here = inside
    if (word === '{' || word === '!{') inside = true
    return here
  })
}
