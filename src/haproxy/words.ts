/** The text of a configuration goes in, its lines come out as HAProxy reads them: words, with their section. */

export interface ConfigLine {
  /** The line that opens the section, as `frontend https`; empty before the first one. */
  readonly section: string
  readonly words: readonly string[]
}

const SECTIONS = new Set(
  (
    'global defaults frontend backend listen userlist resolvers peers mailers cache ' +
    'http-errors ring log-forward fcgi-app program crt-store'
  ).split(' '),
)

/** Lines without words are left out. Environment variables are not expanded. */
export function readConfig(text: string): ConfigLine[] {
  const lines: ConfigLine[] = []
  let section = ''
  for (const line of text.split('\n')) {
    const words = splitWords(line)
    if (words.length === 0) continue
    if (SECTIONS.has(words[0] ?? '')) section = words.slice(0, 2).join(' ')
    lines.push({ section, words })
  }
  return lines
}

/** The stamp a configuration puts into the process; undefined for one that is not Legate's. */
export function readStamp(text: string): string | undefined {
  for (const { section, words } of readConfig(text)) {
    if (section !== 'global' || words[0] !== 'set-var') continue
    if (words[1] === 'proc.legate_structure') return /^str\((.*)\)$/.exec(words[2] ?? '')?.[1]
  }
  return undefined
}

/** White space, a comment, or a piece of a word: quoted, escaped or plain. */
const PIECE = /(\s+)|(#.*)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\#\s]+|.)/gy

/** What makes more of a line than words between white space. */
const SPECIAL = /[\\'"#]/

function splitWords(line: string): string[] {
  if (SPECIAL.test(line)) return locateWords(line).map(({ text }) => text)
  const trimmed = line.trim()
  return trimmed === '' ? [] : trimmed.split(/\s+/)
}

/** A word, and where it stands in its line. */
export interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

export function locateWords(line: string): Word[] {
  const words: Word[] = []
  let inWord = false
  for (const piece of line.matchAll(PIECE)) {
    const [all, space, comment, strong, weak, escaped, plain] = piece
    if (comment !== undefined) break
    if (space === undefined) {
      const text = [strong, weak?.replaceAll(/\\([\\"$])/g, '$1'), escaped, plain].join('')
      const begun = inWord ? words.pop() : undefined
      const start = begun?.start ?? piece.index
      words.push({ text: (begun?.text ?? '') + text, start, end: piece.index + all.length })
    }
    inWord = space === undefined
  }
  return words
}
