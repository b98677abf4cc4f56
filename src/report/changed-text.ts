/** Two texts → the part in which they differ, small enough to be kept, and later a unified diff of it. */
import { createTwoFilesPatch } from 'diff'
import type { RenderedSection } from '../model/bundle.ts'
import { remember } from '../model/remember.ts'
import { quietText } from './diff.ts'

export interface ChangedText {
  readonly name: string
  /** Lines before the part, the same in both texts. */
  readonly skipped: number
  readonly before: string
  readonly after: string
}

const CONTEXT = 3
/** A diff of two texts that have little in common takes the square of their length. */
const DIFF_TIMEOUT_MS = 100
/** Notice and checksum: they differ whenever anything does. */
const SEAL = /^#.*\n# legate sha256=.*\n/

/**
 * Undefined where they differ in nothing but Legate's own marks. Only what differs is masked: the whole
 * of a large configuration at every change would cost more than the change.
 */
export function changedText(
  name: string,
  before: string,
  after: string,
  mask: (text: string) => string,
): ChangedText | undefined {
  const rough = trim({ name, skipped: 0, before: unsealed(before), after: unsealed(after) })
  const quiet = {
    ...rough,
    before: quietText(mask(rough.before)),
    after: quietText(mask(rough.after)),
  }
  if (quiet.before === quiet.after) return undefined
  const isSealed = SEAL.test(after.slice(0, 300))
  const exact = trim(quiet)
  return { ...exact, skipped: exact.skipped + (isSealed ? 2 : 0) }
}

/**
 * As `changedText` of the files that are made of these sections, whatever they have in common left aside:
 * of a thousand sections one is other after a change, and only its lines are looked at.
 */
export function changedSections(
  name: string,
  before: readonly RenderedSection[],
  after: readonly RenderedSection[],
  mask: (text: string) => string,
): ChangedText | undefined {
  const most = Math.min(before.length, after.length)
  let top = 0
  while (top < most && before[top]?.text === after[top]?.text) top += 1
  let end = 0
  while (end < most - top && before.at(-1 - end)?.text === after.at(-1 - end)?.text) end += 1
  // One more on each side, for the lines around the difference.
  const from = Math.max(0, top - 1)
  const to = Math.max(0, end - 1)
  const part = (sections: readonly RenderedSection[]): string =>
    sections
      .slice(from, sections.length - to)
      .map(({ text }) => text)
      .join('\n')
  const changed = changedText(name, part(before), part(after), mask)
  const above = before.slice(0, from).reduce((lines, section) => lines + 1 + linesOf(section), 0)
  return changed && { ...changed, skipped: changed.skipped + SEAL_LINES + above }
}

/** Two of the seal, and the empty one below it. */
const SEAL_LINES = 3

const linesOf: (section: RenderedSection) => number = remember(
  ({ text }) => text.split('\n').length - 1,
)

/** Undefined where telling the difference would take too long. */
export function diffChanged(changed: readonly ChangedText[]): string | undefined {
  const diffs = changed.map(({ name, skipped, before, after }) => {
    const options = { context: CONTEXT, timeout: DIFF_TIMEOUT_MS }
    const patch = createTwoFilesPatch(name, name, before, after, 'before', 'after', options)
    return patch
      ?.replace(/^Index: .*\n=+\n/, '')
      .replaceAll(HUNK, (header) =>
        header.replaceAll(/(?<=[-+])\d+/g, (line) => String(Number(line) + skipped)),
      )
  })
  return diffs.some((diff) => diff === undefined) ? undefined : diffs.join('\n')
}

const HUNK = /^@@ -\d+.* \+\d+.* @@$/gm

function unsealed(text: string): string {
  const seal = SEAL.exec(text.slice(0, 300))
  return seal === null ? text : text.slice(seal[0].length)
}

function trim(texts: ChangedText): ChangedText {
  const { before: a, after: b } = texts
  const from = lineStart(a, commonStart(a, b))
  const same = commonEnd(a, b, from)
  return {
    ...texts,
    skipped: texts.skipped + a.slice(0, from).split('\n').length - 1,
    before: a.slice(from, lineEnd(a, a.length - same)),
    after: b.slice(from, lineEnd(b, b.length - same)),
  }
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  return at
}

/** Characters at the end that are the same, none of them before `from`. */
function commonEnd(a: string, b: string, from: number): number {
  const most = Math.min(a.length, b.length) - from
  let count = 0
  while (count < most && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count))
    count += 1
  return count
}

/** Where the line at `index` begins, less the lines of context. */
function lineStart(text: string, index: number): number {
  let at = index
  for (let i = 0; i <= CONTEXT && at > 0; i++) at = text.lastIndexOf('\n', at - 1)
  return at <= 0 ? 0 : at + 1
}

/** Where the line at `index` ends, plus the lines of context. */
function lineEnd(text: string, index: number): number {
  let at = index - 1
  for (let i = 0; i <= CONTEXT; i++) {
    at = text.indexOf('\n', at + 1)
    if (at === -1) return text.length
  }
  return at + 1
}
