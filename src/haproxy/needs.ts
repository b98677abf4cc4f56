/** The text of a configuration goes in, what it needs of the machine comes out. */
import { isIP, SocketAddress } from 'node:net'
import { readConfig, type ConfigLine } from './words.ts'

export interface Endpoint {
  /** Canonical IP address; `0.0.0.0` and `::` stand for all. */
  readonly address: string
  readonly port: number
}

export interface Listener extends Endpoint {
  /** `frontend https`. */
  readonly section: string
}

export interface Needs {
  readonly chroot?: string
  readonly user?: string
  readonly group?: string
  /** 0 where HAProxy chooses it to fit. */
  readonly maxconn: number
  /** False with `no strict-limits`: too few descriptors are then no reason to refuse the start. */
  readonly strictLimits: boolean
  readonly listeners: readonly Listener[]
  /** Paths of UNIX sockets that HAProxy makes. */
  readonly sockets: readonly string[]
  /** Servers with a health check: each takes a descriptor. */
  readonly checkedServers: number
  readonly acls: readonly { readonly name: string; readonly section: string }[]
}

/** What cannot be known from the text alone (environment variables, ranges) is left out. */
export function readNeeds(config: string): Needs {
  const lines = readConfig(config)
  const global = lines.filter((line) => line.section === 'global')
  const value = (keyword: string): string | undefined =>
    global.findLast((line) => line.words[0] === keyword)?.words[1]
  const binds = lines.filter((line) => line.words[0] === 'bind')
  return {
    ...pick('chroot', value('chroot')),
    ...pick('user', value('user')),
    ...pick('group', value('group')),
    maxconn: Number(value('maxconn') ?? 0),
    strictLimits: !global.some((line) => line.words.slice(0, 2).join(' ') === 'no strict-limits'),
    listeners: binds.flatMap(readListeners),
    sockets: [
      ...global.filter(isStatsSocket).map((line) => line.words[2] ?? ''),
      ...binds.flatMap(addresses),
    ]
      .map((address) => address.replace(/^unix@/, ''))
      .filter((address) => address.startsWith('/')),
    checkedServers: lines.filter(
      (line) => line.words[0] === 'server' && line.words.includes('check'),
    ).length,
    acls: lines
      .filter((line) => line.words[0] === 'acl')
      .map(({ section, words }) => ({ name: words[1] ?? '', section })),
  }
}

function pick(key: 'chroot' | 'user' | 'group', value: string | undefined): object {
  return value === undefined ? {} : { [key]: value }
}

function isStatsSocket({ words }: ConfigLine): boolean {
  return words[0] === 'stats' && words[1] === 'socket'
}

function addresses({ words }: ConfigLine): string[] {
  return (words[1] ?? '').split(',')
}

function readListeners(line: ConfigLine): Listener[] {
  const dual = line.words.includes('v4v6')
  return addresses(line).flatMap((text) => {
    const [, prefix, host = '', port] = /^(ipv[46]@)?(.*):(\d+)$/.exec(text) ?? []
    if (port === undefined) return []
    const all = prefix === 'ipv6@' ? '::' : '0.0.0.0'
    const address = canonical(host === '' || host === '*' ? all : host.replaceAll(/^\[|\]$/g, ''))
    if (address === undefined) return []
    const listener = { address, port: Number(port), section: line.section }
    return dual && address === '::' ? [listener, { ...listener, address: '0.0.0.0' }] : [listener]
  })
}

/** One spelling for each address; IPv4 in IPv6 is IPv4. Undefined for what is not an address. */
export function canonical(address: string): string | undefined {
  const family = isIP(address)
  if (family === 0) return undefined
  const text = new SocketAddress({ address, family: family === 4 ? 'ipv4' : 'ipv6' }).address
  return text.replace(/^::ffff:(?=\d+\.)/, '')
}
