/** What a section must say whatever its template is: made from the topology, compared with the lines that were rendered. */
import type {
  BackendSection,
  DefaultsSection,
  FrontendSection,
  GlobalSection,
  UserlistSection,
} from '../model/topology.ts'
import type { Line } from './lexer.ts'
import { address } from './quote.ts'
import { TemplateTrouble } from './trouble.ts'

export interface Expected {
  /** All words of the section line. */
  readonly header: readonly string[]
  /** Lines that begin with these words must be these, in this order; each row is how the line begins. */
  readonly lines: ReadonlyMap<string, readonly (readonly string[])[]>
  /** Must be part of some word. */
  readonly mentions: readonly string[]
}

/** Legate's own backend: the last word of every routed frontend. */
const UNROUTED = 'legate_unrouted'

const SECTIONS = new Set(
  (
    'global defaults frontend backend listen userlist peers resolvers mailers cache program http-errors ring ' +
    'log-forward log-profile fcgi-app crt-store traces acme haterm'
  ).split(' '),
)

export function expectGlobal({ statsSocket }: GlobalSection, structure: string): Expected {
  const stamp = 'set-var proc.legate_structure'
  const socket = `stats socket ${statsSocket}`
  return expect(['global'], {
    [stamp]: [[...stamp.split(' '), `str(${structure})`]],
    [socket]: [[...socket.split(' '), 'mode', '600', 'level', 'admin']],
  })
}

export function expectDefaults({ name }: DefaultsSection): Expected {
  return expect(['defaults', name], {})
}

export function expectUserlist({ name, users }: UserlistSection): Expected {
  const rows = users.map((user) => ['user', user.name, 'password', user.passwordHash])
  return expect(['userlist', name], { user: rows })
}

export function expectUnrouted(): Expected {
  return expect(['backend', UNROUTED], { server: [] })
}

export function expectFrontend(section: FrontendSection, maps: readonly string[]): Expected {
  const { name, defaults, binds, routes, defaultBackend } = section
  const rows = binds.map((b) => ['bind', address(b.address, b.port), 'name', b.name])
  const last = routes === undefined ? defaultBackend : UNROUTED
  return {
    ...expect(['frontend', name, 'from', defaults], {
      bind: rows,
      default_backend: last === undefined ? [] : [['default_backend', last]],
    }),
    mentions: maps.map((path) => `(${path})`),
  }
}

export function expectBackend(
  { name, defaults, servers }: BackendSection,
  ids: ReadonlyMap<string, number>,
): Expected {
  const rows = servers.map((s) => {
    const at = address(s.address, s.port)
    return ['server', s.name, at, 'weight', String(s.weight), 'id', String(ids.get(s.name))]
  })
  return expect(['backend', name, 'from', defaults], { server: rows })
}

function expect(
  header: readonly string[],
  lines: Readonly<Record<string, readonly (readonly string[])[]>>,
): Expected {
  return { header, lines: new Map(Object.entries(lines)), mentions: [] }
}

export function checkExpected(lines: readonly Line[], expected: Expected): void {
  const [first, ...rest] = lines.filter((line) => line.words.length > 0)
  if (first === undefined || !same(first.words, expected.header))
    throw wrong(`the section does not begin with \`${expected.header.join(' ')}\``)
  for (const line of rest) checkFirstWord(line)
  for (const [begin, rows] of expected.lines) {
    const words = begin.split(' ')
    checkRows(
      begin,
      rows,
      rest.filter((line) => words.every((word, index) => line.words[index] === word)),
    )
  }
  for (const mention of expected.mentions)
    if (!rest.some(({ words }) => words.some((word) => word.includes(mention))))
      throw wrong(`nothing reads the map ${mention.slice(1, -1)}`)
}

function checkFirstWord({ words: [first = ''], number }: Line): void {
  if (SECTIONS.has(first)) throw wrong(`line ${number} begins another section`)
  if (/^[[.]/.test(first)) throw wrong(`line ${number} begins with a macro or a scope`)
}

function checkRows(
  begin: string,
  rows: readonly (readonly string[])[],
  found: readonly Line[],
): void {
  if (rows.length !== found.length)
    throw wrong(`there are ${found.length} lines \`${begin}\` where ${rows.length} are asked for`)
  rows.forEach((row, index) => {
    const line = found[index]
    if (line !== undefined && !beginsWith(line.words, row))
      throw wrong(
        `line ${line.number} is not the \`${begin}\` line that is asked for${shape(begin)}`,
      )
  })
}

/** What a template's author has to know; the words themselves may be secret. */
function shape(begin: string): string {
  return begin === 'server' ? ': it begins `server NAME ADDRESS weight WEIGHT id ID`' : ''
}

function beginsWith(words: readonly string[], row: readonly string[]): boolean {
  return row.every((word, index) => words[index] === word)
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index])
}

function wrong(message: string): TemplateTrouble {
  return new TemplateTrouble('LG6003', message)
}
