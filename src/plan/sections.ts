/** The text of a haproxy.cfg to its sections, so that two files can be compared piece by piece. */

export interface Section {
  /** Kind and name: `backend api`, `global`. */
  readonly header: string
  /** `Kind/namespace/name` of the mark above it. */
  readonly resource: string | undefined
  /**
   * Lines without indentation, comments and blank lines, map paths by their logical names; first, where
   * the section names it, `from` and its defaults section.
   */
  readonly lines: readonly string[]
}

const SECTION =
  /^(global|defaults|userlist|frontend|backend|listen|resolvers|peers|cache|program|http-errors|ring|mailers)\b/
const MARK = /^# ([A-Z][A-Za-z]*\/[a-z0-9-]+\/[a-z0-9-]+)$/

export function sectionsOf(text: string): Section[] {
  const found: Section[] = []
  let lines: string[] = []
  let mark: string | undefined
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    const marked = MARK.exec(line)?.[1]
    if (marked !== undefined) mark = marked
    else if (SECTION.test(raw)) {
      const [header = line, from] = line.split(/\s+(?=from\s)/)
      lines = from === undefined ? [] : [from]
      found.push({ header, resource: mark, lines })
      mark = undefined
    } else if (line !== '' && !line.startsWith('#')) lines.push(logical(line))
  }
  return found
}

/** Map files carry a digest in their name, which says nothing about the structure; nor does the stamp. */
function logical(line: string): string {
  return line
    .replaceAll(/\/[^\s,()']*\/([^\s/,()']+)\.[0-9a-f]{16}\.map/g, '$1.map')
    .replace(STAMP, 'set-var proc.legate_structure')
}

const STAMP = /^\s*set-var proc\.legate_structure .*$/m

/** The line that carries the digest of the structure. */
export function stampOf(text: string): string | undefined {
  return STAMP.exec(text)?.[0]
}
