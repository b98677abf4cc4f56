/** A line number of haproxy.cfg to the resource it came from and the field that probably made it. */
import type { Bundle, RenderedSection } from '../model/bundle.ts'
import { lexLine, LexError } from './lexer.ts'

export interface Explained {
  /** `Kind/namespace/name`; absent for lines that are Legate's own. */
  readonly resource?: string
  /** JSON pointer, `/spec` when nothing more is known. */
  readonly pointer: string
}

/** The words a line begins with, to the field behind it; the longest that fits counts. */
const POINTERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  global: {
    log: '/spec/log',
    maxconn: '/spec/maxconn',
    nbthread: '/spec/threads',
    chroot: '/spec/chroot',
    user: '/spec/user',
    group: '/spec/group',
    'hard-stop-after': '/spec/hardStopAfter',
    'ssl-default-bind-options': '/spec/tls/minVersion',
    'ssl-default-bind-ciphers': '/spec/tls/ciphers',
    'ssl-default-bind-ciphersuites': '/spec/tls/cipherSuites',
  },
  defaults: {
    maxconn: '/spec/maxconn',
    retries: '/spec/retries',
    option: '/spec/options',
    timeout: '/spec/timeouts',
    errorfile: '/spec/errorFiles',
  },
  userlist: { group: '/spec/users', user: '/spec/users' },
  frontend: {
    frontend: '/spec/defaultsRef',
    maxconn: '/spec/maxconn',
    bind: '/spec/listeners',
    stats: '/spec/stats',
    'http-request auth': '/spec/stats/userlistRef',
    'http-request': '/spec/filters',
    'http-response': '/spec/filters',
    use_backend: '/spec/defaultBackendRef',
  },
  backend: {
    backend: '/spec/defaultsRef',
    balance: '/spec/balance',
    'hash-type': '/spec/balance/hash',
    option: '/spec/check',
    'http-check': '/spec/check',
    'default-server': '/spec/check',
    'timeout check': '/spec/check/timeout',
    timeout: '/spec/timeouts',
    retries: '/spec/retries',
    server: '/spec/source',
  },
}

/** `line` counts from 1 in `bundle.config`. */
export function explainLine(bundle: Bundle, line: number): Explained {
  const body = bundle.sections.reduce((sum, { text }) => sum + linesOf(text), 0)
  const between = bundle.sections.length - 1
  // Lines of the seal and the blank line below it.
  let first = linesOf(bundle.config) - body - between + 1
  for (const section of bundle.sections) {
    const next = first + linesOf(section.text)
    if (line >= first && line < next) return explain(section, line - first)
    first = next + 1
  }
  return { pointer: '/spec' }
}

function explain({ header, resource, text }: RenderedSection, index: number): Explained {
  const kind = header.split(' ', 1)[0] ?? ''
  const pointer = pointerOf(POINTERS[kind] ?? {}, wordsOf(text.split('\n')[index] ?? ''))
  return resource === undefined ? { pointer } : { resource, pointer }
}

function pointerOf(pointers: Readonly<Record<string, string>>, words: readonly string[]): string {
  const two = words.slice(0, 2).join(' ')
  return pointers[two] ?? pointers[words[0] ?? ''] ?? '/spec'
}

function wordsOf(line: string): readonly string[] {
  try {
    return lexLine(line).words
  } catch (error) {
    if (error instanceof LexError) return []
    throw error
  }
}

function linesOf(text: string): number {
  return text.split('\n').length - 1
}

/** The field behind a line of a section (`backend`, `global`) that begins with these words. */
export function fieldOf(section: string, words: string): string {
  return pointerOf(POINTERS[section] ?? {}, words.split(' '))
}
