/** Law 8 made executable: a rendered section is read as HAProxy reads it and compared with what was asked for. */
import type { Hole, Skeleton } from './holes.ts'
import { fill, holesIn } from './holes.ts'
import type { Expected } from './expected.ts'
import { checkExpected } from './expected.ts'
import type { Line } from './lexer.ts'
import { lex, LexError } from './lexer.ts'
import { checkLine } from './line-rules.ts'
import { TemplateTrouble } from './trouble.ts'

/** What was rendered: the template's own text with marks, and the same with the quoted values in their place. */
export interface Candidate {
  readonly skeleton: Skeleton
  readonly text: string
}

/** The lines of the text as HAProxy will read them. Throws TemplateTrouble where they are not the skeleton's. */
export function lookAgain({ skeleton, text }: Candidate, expected: Expected): Line[] {
  const planned = read(skeleton.text)
  const lines = read(text)
  if (planned.length !== lines.length) throw wrong('a value added or removed a line')
  planned.forEach((plan, index) => {
    const line = lines[index]
    if (line !== undefined) compareLine(plan, line, skeleton.holes)
  })
  checkExpected(lines, expected)
  return lines
}

function compareLine(plan: Line, line: Line, holes: readonly Hole[]): void {
  const trouble =
    differenceOf(plan, line, holes) ?? checkLine({ plan: plan.words, words: line.words, holes })
  if (trouble === undefined) return
  // The template's own words only: the value may be secret.
  const shown = fill(plan.words.join(' '), holes, () => '…')
  throw wrong(`line ${plan.number} (${shown}) ${trouble}`)
}

function differenceOf(plan: Line, line: Line, holes: readonly Hole[]): string | undefined {
  if (plan.comment !== line.comment || holesIn(plan.comment, holes).length > 0)
    return 'puts a value into a comment'
  if (plan.words.length !== line.words.length)
    return 'has other words than its template: a filter stands inside quotes'
  return plan.words.every((word, index) => fill(word, holes, valueOf) === line.words[index])
    ? undefined
    : 'does not say what was put into it: a filter stands inside quotes'
}

function valueOf({ value }: Hole): string {
  return value
}

function read(text: string): Line[] {
  try {
    return lex(text)
  } catch (error) {
    if (error instanceof LexError) throw wrong(`line ${error.line} has ${error.message}`)
    throw error
  }
}

function wrong(message: string): TemplateTrouble {
  return new TemplateTrouble('LG6003', message)
}
