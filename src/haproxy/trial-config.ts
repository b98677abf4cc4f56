/**
 * A configuration goes in, out comes one that can be started beside the HAProxy that runs: no UNIX path of
 * it is touched. What cannot be understood for certain is not tried. Lines keep their numbers.
 */
import { isIP } from 'node:net'
import { printable } from '../model/failure.ts'
import { locateWords, type Word } from './words.ts'

export interface TrialRules {
  /** Where every UNIX path goes. */
  readonly folder: string
  /** Where HAProxy is to answer. */
  readonly socket: string
  /** False in a user namespace, where nobody can become somebody else. */
  readonly isRoot: boolean
  /** False where the trial may have fewer file descriptors than HAProxy has. */
  readonly countsDescriptors: boolean
}

export type TrialConfig =
  | {
      readonly state: 'ready'
      readonly text: string
      /** Paths that were left as they are: none may be a socket. */
      readonly paths: readonly string[]
    }
  | { readonly state: 'refused'; readonly why: string }

interface Draft {
  readonly rules: TrialRules
  readonly paths: Set<string>
  moved: number
  line: number
  section: string
  why: string | undefined
}

/** A part of the line, and what stands there instead. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

export function writeTrialConfig(config: string, rules: TrialRules): TrialConfig {
  const draft: Draft = {
    rules,
    paths: new Set(),
    moved: 0,
    line: 0,
    section: '',
    why: undefined,
  }
  const lines: string[] = []
  for (const line of config.split('\n')) {
    draft.line += 1
    lines.push(rewriteLine(draft, line))
    if (draft.why !== undefined) return { state: 'refused', why: draft.why }
  }
  const own = [
    'global',
    `  stats socket ${rules.socket} mode 600 level admin`,
    ...(rules.countsDescriptors ? [] : ['  no strict-limits']),
  ]
  const text = `${lines.join('\n')}\n${own.join('\n')}\n`
  return { state: 'ready', text, paths: [...draft.paths] }
}

/** They start other programs, run what may do anything, or write files that HAProxy keeps between reloads. */
const UNTRIED = new Set([
  'lua-load',
  'lua-load-per-thread',
  'program',
  'acme',
  'backing-file',
  'shm-stats-file',
  'external-check',
])
const DROPPED = new Set(['daemon', 'master-worker', 'pidfile'])
const DROPPED_WITHOUT_ROOT = new Set(['chroot', 'user', 'group', 'uid', 'gid', 'setcap'])
const SECTIONS = new Set(['global', 'defaults', 'frontend', 'backend', 'listen', 'userlist'])
const OTHER_SECTIONS =
  /^(resolvers|peers|mailers|cache|http-errors|ring|log-\w+|fcgi-app|crt-store)$/

/** Which word of a line is an address that HAProxy opens, connects to or writes to. */
const ADDRESS_AT: ReadonlyMap<string, number> = new Map([
  ['bind', 1],
  ['dgram-bind', 1],
  ['log', 1],
  ['dispatch', 1],
  ['server', 2],
  ['peer', 2],
  ['mailer', 2],
  ['nameserver', 2],
  ['server-template', 3],
])

function rewriteLine(draft: Draft, line: string): string {
  const words = locateWords(line)
  const [keyword] = words
  if (keyword === undefined) return line
  if (isObscure(line, keyword)) return refuse(draft, 'its first word is quoted')
  const name = keyword.text
  if (SECTIONS.has(name) || OTHER_SECTIONS.test(name)) draft.section = name
  if (UNTRIED.has(name)) return refuse(draft, `\`${name}\` may do what a trial must not`)
  if (draft.section === 'global' && isDropped(draft, name)) return ''
  const edits = editLine(draft, line, words)
  const kept = words.filter(
    ({ start }) => !edits.some((edit) => start < edit.end && edit.start <= start),
  )
  for (const { text } of kept) judgeKept(draft, text)
  return applyEdits(line, edits)
}

function isDropped({ rules }: Draft, name: string): boolean {
  return DROPPED.has(name) || (!rules.isRoot && DROPPED_WITHOUT_ROOT.has(name))
}

function editLine(draft: Draft, line: string, words: readonly Word[]): Edit[] {
  const [name = ''] = words.map(({ text }) => text)
  if (name === 'unix-bind') return [...cutPairs(words, ['prefix']), ...cutOwners(draft, words)]
  if (name === 'default-server') return editServer(draft, words)
  const at = name === 'stats' ? statsAddressAt(draft, line, words) : ADDRESS_AT.get(name)
  if (at === undefined) return []
  if (words.slice(0, at + 1).some((word) => isObscure(line, word)))
    return nothing(draft, 'a word of it is not plain')
  const address = words[at]
  if (address === undefined) return []
  return [...editAddress(draft, words, address), ...editRest(draft, words, address)]
}

function statsAddressAt(draft: Draft, line: string, words: readonly Word[]): number | undefined {
  const [, second] = words
  if (second === undefined || draft.section !== 'global') return undefined
  // Whether it is `socket` cannot be told; the caller finds that word obscure as well.
  return second.text === 'socket' || isObscure(line, second) ? 2 : undefined
}

function editAddress(draft: Draft, words: readonly Word[], address: Word): Edit[] {
  const moved = moveAddresses(draft, address.text)
  if (moved === address.text) return []
  return [{ ...address, text: moved }, ...cutOwners(draft, words)]
}

function editRest(draft: Draft, words: readonly Word[], address: Word): Edit[] {
  const name = words[0]?.text ?? ''
  if (name === 'bind') return editBind(draft, words)
  return name.startsWith('server') ? editServer(draft, words, address.text) : []
}

/** Of interfaces and other network namespaces the private one has none. */
function editBind(draft: Draft, words: readonly Word[]): Edit[] {
  if (words.some(({ text }) => text === 'namespace')) return nothing(draft, 'it names a namespace')
  return cutPairs(words, ['interface'])
}

/** No checks, nobody's checks to follow, and no name servers to ask. */
function editServer(draft: Draft, words: readonly Word[], address = ''): Edit[] {
  const last = words.at(-1)
  if (last === undefined || !/^(backend|listen|defaults)$/.test(draft.section)) return []
  const host = address
    .replace(/^ipv[46]@/, '')
    .replace(/:[^:]*$/, '')
    .replaceAll(/^\[|\]$/g, '')
  const isName = address !== '' && !/^(\/|\w+@)/.test(address) && isIP(host) === 0
  const more = ` no-check no-agent-check${isName ? ' init-addr none' : ''}`
  return [...cutPairs(words, ['track']), { start: last.end, end: last.end, text: more }]
}

/** In a user namespace a socket can be given to nobody else. */
function cutOwners({ rules }: Draft, words: readonly Word[]): Edit[] {
  return rules.isRoot ? [] : cutPairs(words, ['user', 'group', 'uid', 'gid'])
}

function cutPairs(words: readonly Word[], names: readonly string[]): Edit[] {
  return words.flatMap(({ text, start }, at) => {
    const value = words[at + 1]
    return at > 0 && value !== undefined && names.includes(text)
      ? [{ start, end: value.end, text: '' }]
      : []
  })
}

/** Abstract sockets (`abns@`) belong to the network namespace. */
const ELSEWHERE =
  /^(ipv4|ipv6|udp[46]?|tcp[46]?|quic[46]|mptcp[46]?|abnsz?|ring|stdout|stderr|rhttp|rev)$/
const UNIX = /^((stream|dgram)\+)?(unix|uxst|uxdg)$/

function moveAddresses(draft: Draft, text: string): string {
  return text
    .split(',')
    .map((one) => moveAddress(draft, one))
    .join(',')
}

function moveAddress(draft: Draft, text: string): string {
  const [, family, rest] = /^([a-z0-9+]+)@(.*)$/i.exec(text) ?? []
  if (family === undefined) return text.startsWith('/') ? newPath(draft) : text
  if (UNIX.test(family) && rest !== '') return `${family}@${newPath(draft)}`
  const known = family.replace(/^(stream|dgram)\+/, '')
  return ELSEWHERE.test(known)
    ? text
    : refuse(draft, `it has an address of the family ${printable(family)}`)
}

function newPath(draft: Draft): string {
  draft.moved += 1
  return `${draft.rules.folder}/${draft.moved}`
}

/** A path of a socket where none is expected. */
function judgeKept(draft: Draft, text: string): void {
  if (/(?:^|[^a-z])(?:unix|uxst|uxdg|sockpair|fd)@/i.test(text))
    refuse(draft, 'it has the address of a socket where none is known')
  else if (text.startsWith('/')) draft.paths.add(text)
}

/** HAProxy may read another word there than we do. */
function isObscure(line: string, { start, end }: Word): boolean {
  return /[\\$]/.test(line.slice(start, end))
}

function applyEdits(line: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), line)
}

function refuse(draft: Draft, why: string): string {
  draft.why ??= `line ${draft.line} cannot be tried: ${why}`
  return ''
}

function nothing(draft: Draft, why: string): Edit[] {
  refuse(draft, why)
  return []
}
