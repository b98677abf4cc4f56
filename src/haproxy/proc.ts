/** Pids go in, what Linux says about these processes and their sockets comes out. */
import { readFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { canonical, type Endpoint } from './needs.ts'

export interface ListeningSocket extends Endpoint {
  readonly inode: string
}

/** What a process may do. */
export interface Limits {
  /** The most file descriptors it can have. */
  readonly descriptors: number
  readonly uid: number
  readonly gid: number
  readonly capabilities: bigint
}

/** Numbers of Linux capabilities. */
export const CAPABILITY = { setgid: 6n, setuid: 7n, sysChroot: 18n, sysResource: 24n } as const

/** False for a process that has ended, also while nobody has collected it. */
export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`)
  // The name in parentheses may hold anything; the state comes after the last one.
  return stat !== undefined && !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')))
}

/** Name of the program, as `haproxy`; undefined when there is no such process. */
export function programName(pid: number): string | undefined {
  const name = read(`/proc/${pid}/comm`)?.trimEnd()
  // So Node calls its first thread since 24, and with it the process: `MainThread`, `node-MainThread`.
  if (name?.endsWith('MainThread') !== true) return name
  return basename(read(`/proc/${pid}/cmdline`)?.split('\0')[0] ?? '') || name
}

/**
 * A HAProxy that was started to listen at the master socket, whether it does so at this moment or not: while
 * it loads its program anew it does not. Undefined also where Legate may not look, as into a container.
 */
export async function findMaster(masterSocket: string): Promise<number | undefined> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  for (const [at, pid] of pids.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- where there are thousands, others have their turn
    if (at % AT_A_TIME === 0) await nextTurn()
    if (isMasterOf(masterSocket, pid)) return pid
  }
  return undefined
}

const AT_A_TIME = 200

/** Its workers have the same words; they end with it. */
function isMasterOf(masterSocket: string, pid: number): boolean {
  // Who has started it, and starts it again, may have the same words too.
  if (programName(pid)?.includes('haproxy') !== true) return false
  const words = read(`/proc/${pid}/cmdline`)?.split('\0') ?? []
  const socket = words[words.indexOf('-S') + 1]?.replace(/^unix@/, '').split(',')[0]
  return socket === masterSocket && words.includes('-S') && isAlive(pid)
}

export function readLimits(pid: number | 'self'): Limits | undefined {
  const limits = read(`/proc/${pid}/limits`)
  const status = read(`/proc/${pid}/status`)
  if (limits === undefined || status === undefined) return undefined
  const capabilities = BigInt(`0x${field(status, /^CapEff:\s*([0-9a-f]+)/m) || 0}`)
  const hard = field(limits, /^Max open files\s+\S+\s+(\S+)/m)
  const most = has(capabilities, CAPABILITY.sysResource) ? read('/proc/sys/fs/nr_open') : hard
  return {
    descriptors: hard === 'unlimited' ? Infinity : Number(most ?? hard),
    uid: Number(field(status, /^Uid:\s*\d+\s+(\d+)/m)),
    gid: Number(field(status, /^Gid:\s*\d+\s+(\d+)/m)),
    capabilities,
  }
}

function field(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? ''
}

export function has(capabilities: bigint, capability: bigint): boolean {
  return ((capabilities >> capability) & 1n) === 1n
}

/** Sockets that listen where the process lives; a container may have a network of its own. */
export async function readListening(pid: number | 'self'): Promise<ListeningSocket[]> {
  // With a line for each connection: this takes time.
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  )
  return tables.flatMap(parseSockets)
}

const LISTEN = '0A'

/** `0: 0100007F:1F90 00000000:0000 0A … inode`: addresses as 32-bit words of the machine's byte order. */
function parseSockets(table: string): ListeningSocket[] {
  return table.split('\n').flatMap((line) => {
    const cells = line.trim().split(/\s+/)
    const [hex, port] = (cells[1] ?? '').split(':')
    if (cells[3] !== LISTEN || hex === undefined || port === undefined) return []
    const address = canonical(readAddress(hex))
    const inode = cells[9] ?? ''
    return address === undefined ? [] : [{ address, port: Number.parseInt(port, 16), inode }]
  })
}

function readAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  // Linux runs Node only on little-endian machines, s390x aside.
  if (process.arch !== 's390x') bytes.swap32()
  if (bytes.length === 4) return [...bytes].join('.')
  return (bytes.toString('hex').match(/.{4}/g) ?? []).join(':')
}

/** Inodes of the sockets that the process has open; undefined when Legate may not look. */
export async function readSockets(pid: number): Promise<Set<string> | undefined> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => undefined)
  if (names === undefined) return undefined
  const links = await Promise.all(
    names.map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  )
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
}

/** The process that holds the socket, as `nginx (pid 123)`; undefined when Legate may not look. */
export async function findHolder(inode: string): Promise<string | undefined> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const held = await Promise.all(pids.map(async (pid) => (await readSockets(pid))?.has(inode)))
  const pid = pids[held.indexOf(true)]
  return pid === undefined ? undefined : `${programName(pid) ?? 'a process'} (pid ${pid})`
}

/** What the kernel makes when it is asked takes some microseconds; a turn of its own for each step took fifty times that. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** False also when Legate may not look: a process in a container may have a network of its own. */
export async function inSameNetwork(pid: number): Promise<boolean> {
  const [ours, theirs] = await Promise.all(
    ['self', pid].map((id) => readlink(`/proc/${id}/ns/net`).catch(() => undefined)),
  )
  return ours !== undefined && ours === theirs
}
