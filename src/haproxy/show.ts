/** Answers of a worker's command line go in, what they say comes out; undefined where they do not say it. */
import type { LiveServer } from '../model/bundle.ts'
import { compare } from '../model/diagnostic.ts'

export interface ProcessInfo {
  readonly version: string
  readonly pid: number
  readonly uptimeSeconds: number
  /** True for a worker that a reload has told to leave. */
  readonly stopping: boolean
}

export function parseShowInfo(text: string): ProcessInfo | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]
  const version = field('Version')
  const pid = Number(field('Pid'))
  if (version === undefined || !Number.isSafeInteger(pid)) return undefined
  return {
    version,
    pid,
    uptimeSeconds: Number(field('Uptime_sec') ?? 0),
    stopping: field('Stopping') === '1',
  }
}

/** The text value of a variable: `proc.legate_structure: type=str value=<abc>`. */
export function parseGetVar(text: string): string | undefined {
  return /^\S+: type=str value=<([^>]*)>\s*$/.exec(text)?.[1]
}

/** Names of `show backend`, without HAProxy's own (`<HTTPCLIENT>`). */
export function parseShowBackend(text: string): string[] | undefined {
  const [heading, ...names] = text.split('\n')
  if (heading !== '# name') return undefined
  return names.filter((name) => name !== '' && !name.startsWith('<'))
}

/**
 * Servers by backend, each list sorted by name. Only format version 1 is read, which every HAProxy from
 * 1.6 to 3.2 writes; columns are found by their names.
 */
export function parseServersState(text: string): Map<string, LiveServer[]> | undefined {
  const [version, heading, ...lines] = text.split('\n')
  // A worker that ended in the middle of its answer leaves out the empty line.
  if (version !== '1' || heading === undefined || !text.endsWith('\n\n')) return undefined
  const columns = heading.replace(/^# /, '').split(' ')
  const at = Object.fromEntries(columns.map((name, index) => [name, index]))
  const [backend, name, address] = [at['be_name'], at['srv_name'], at['srv_addr']]
  const [port, weight] = [at['srv_port'], at['srv_uweight']]
  if ([backend, name, address, port, weight].includes(undefined)) return undefined
  const servers = new Map<string, LiveServer[]>()
  for (const line of lines) {
    if (line === '') continue
    const cells = line.split(' ')
    const cell = (index: number | undefined): string => cells[index ?? -1] ?? ''
    const list = servers.get(cell(backend))
    const server = {
      name: cell(name),
      address: canonicalAddress(cell(address)),
      port: Number(cell(port)),
      weight: Number(cell(weight)),
    }
    if (list === undefined) servers.set(cell(backend), [server])
    else list.push(server)
  }
  for (const list of servers.values()) list.sort((a, b) => compare(a.name, b.name))
  return servers
}

/** HAProxy prints the last 32 bits of some IPv6 addresses as IPv4; the canonical form does not. */
function canonicalAddress(address: string): string {
  if (!address.includes(':') || !address.includes('.')) return address
  return URL.canParse(`http://[${address}]`)
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address
}

/** Paths of the map files that the process has loaded. */
export function parseShowMap(text: string): string[] | undefined {
  if (!text.startsWith('# id (file) description')) return undefined
  const paths: string[] = []
  for (const line of text.split('\n')) {
    const path = /^-?\d+ \((.*?)\) pattern loaded from file '/.exec(line)?.[1]
    if (path !== undefined && path !== '') paths.push(path)
  }
  return paths
}

/** Paths of `show ssl cert`; those of a transaction that is not committed (`*path`) are left out. */
export function parseCertificateList(text: string): string[] | undefined {
  const lines = text.split('\n')
  if (!lines.includes('# filename')) return text.trim() === '' ? [] : undefined
  return lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('*'))
}

/** SHA-1 of the leaf of `show ssl cert PATH`; undefined when HAProxy has no such certificate. */
export function parseCertificateFingerprint(text: string): string | undefined {
  return /^SHA1 FingerPrint: ([0-9A-F]{40})$/m.exec(text)?.[1]
}
