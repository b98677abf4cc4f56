/** The server lines that were rendered go in, the servers as the Runtime API is to have them come out. */
import type { WantedServer } from '../model/bundle.ts'
import { remember } from '../model/remember.ts'
import type { Server } from '../model/topology.ts'
import type { Line } from './lexer.ts'

/** What a section says about servers: their own words, in the order of their lines, and those for all of them. */
export interface ServerWords {
  /** Words of `balance` and `hash-type`, where the section says them. */
  readonly balance: readonly string[] | undefined
  readonly hashType: string | undefined
  /** Number of tries after the first, where the section says it. */
  readonly retries: number | undefined
  /** The first word of a line that ties the section to servers by their names. */
  readonly tied: string | undefined
  /** Words of its `default-server` lines, which `add server` does not inherit. */
  readonly defaults: readonly string[]
  readonly own: readonly (readonly string[])[]
}

export function serverWordsOf(lines: readonly Line[]): ServerWords {
  const defaults: string[] = []
  const own: (readonly string[])[] = []
  const first = new Map<string, readonly string[]>()
  for (const { words } of lines) {
    const [begin = '', , , ...rest] = words
    if (begin === 'default-server') defaults.push(...words.slice(1))
    if (begin === 'server') own.push(rest.map(oneOf))
    first.set(begin, words.slice(1))
  }
  return {
    defaults,
    own,
    balance: first.get('balance'),
    hashType: first.get('hash-type')?.[0],
    retries: numberIn(first.get('retries')),
    tied: TYING.find((word) => first.has(word)),
  }
}

function numberIn(words: readonly string[] | undefined): number | undefined {
  return words?.[0] === undefined ? undefined : Number(words[0])
}

/** Words of ten thousand lines are few: each is kept once. Numbers are as many as servers. */
const WORDS = new Map<string, string>()
const MOST_WORDS = 1000

function oneOf(word: string): string {
  const known = WORDS.get(word)
  if (known !== undefined) return known
  if (WORDS.size < MOST_WORDS) WORDS.set(word, word)
  return word
}

/** Servers that are named by such a line cannot be removed (management.txt, `del server`). */
const TYING = ['use-server', 'server-template']

/** Algorithms that place servers by a hash: dynamic only where the hash is consistent. */
const HASHED = /^(source|uri|url_param|hdr\(.*\)|rdp-cookie.*|hash)$/

/**
 * Why the servers of a backend can be changed by a reload only; undefined where the Runtime API can do it
 * (management.txt, `add server`: "the backend must use a dynamic load-balancing algorithm").
 */
export function whyFixed(section: ServerWords, inherited: ServerWords): string | undefined {
  const [algorithm = 'roundrobin'] = section.balance ?? inherited.balance ?? []
  const hashType = section.hashType ?? inherited.hashType ?? 'map-based'
  if (section.tied !== undefined) return `\`${section.tied}\` ties it to its servers`
  if (algorithm === 'static-rr' || (HASHED.test(algorithm) && hashType !== 'consistent'))
    return `\`balance ${algorithm}\` is fixed when HAProxy starts`
  return undefined
}

/** `inherited` are the words of the defaults section; what comes later wins, as in the file. */
export const wantedServers: (
  section: ServerWords,
  inherited: ServerWords,
  servers: readonly Server[],
) => readonly WantedServer[] = remember((section, inherited, servers) => {
  const common = [...inherited.defaults, ...section.defaults]
  // The second look has seen to it that the lines are those of the servers, in their order.
  return servers.map((server, place) => {
    const own = section.own[place] ?? []
    return { ...server, words: common.length === 0 ? own : [...common, ...own] }
  })
})
