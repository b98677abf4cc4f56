/** Listeners that HAProxy is to open go in; out come those that another process has, or no interface. */
import { createServer } from 'node:net'
import type { Finding, Ground } from './ground.ts'
import type { Endpoint, Listener } from './needs.ts'
import { readNeeds } from './needs.ts'
import {
  findHolder,
  inSameNetwork,
  readListening,
  readSockets,
  type ListeningSocket,
} from './proc.ts'

/** Only listeners that the running HAProxy does not have yet are looked at. */
export async function checkPorts(
  listeners: readonly Listener[],
  ground: Ground,
): Promise<Finding[]> {
  const had = new Set(readNeeds(ground.runs ?? '').listeners.map(endpointKey))
  const fresh = listeners.filter((listener) => !had.has(endpointKey(listener)))
  const [first] = ground.pids
  const foreign = await foreignSockets(ground, had)
  const canBind = first === undefined || (await inSameNetwork(first))
  const findings = await Promise.all(
    fresh.map(async (listener) => {
      if (canBind && (await tryBind(listener.address, 0)) === 'EADDRNOTAVAIL')
        return noSuchAddress(listener)
      const holder = await findBlocker(listener, foreign, canBind)
      return holder === undefined ? undefined : taken(listener, holder)
    }),
  )
  return findings.filter((finding) => finding !== undefined)
}

/** Sockets that listen and are not HAProxy's own. */
async function foreignSockets(ground: Ground, had: Set<string>): Promise<ListeningSocket[]> {
  const { pids, runs } = ground
  const [listening, own] = await Promise.all([
    readListening(pids[0] ?? 'self'),
    Promise.all(pids.map(readSockets)),
  ])
  if (own.every((sockets) => sockets !== undefined))
    return listening.filter(({ inode }) => !own.some((sockets) => sockets.has(inode)))
  // Legate may not look into HAProxy: what its configuration lists is taken for its own.
  return runs === undefined ? [] : listening.filter((socket) => !had.has(endpointKey(socket)))
}

async function findBlocker(
  listener: Listener,
  foreign: readonly ListeningSocket[],
  canBind: boolean,
): Promise<ListeningSocket | undefined> {
  const blocker = foreign.find((socket) => isBlocked(listener, socket))
  if (blocker !== undefined || !canBind) return blocker
  // A listener on `::` has IPv4 too or not, which only a try tells.
  const perhaps = foreign.find((socket) => isBlockedByDualStack(listener, socket))
  if (perhaps === undefined) return undefined
  return (await tryBind(listener.address, listener.port)) === 'EADDRINUSE' ? perhaps : undefined
}

/** One address and port; all addresses of a family stand for each of them. */
function isBlocked(listener: Endpoint, socket: Endpoint): boolean {
  if (listener.port !== socket.port) return false
  const all = isIPv6(listener) ? '::' : '0.0.0.0'
  if (listener.address === socket.address) return true
  return isIPv6(listener) === isIPv6(socket) && [listener.address, socket.address].includes(all)
}

function isBlockedByDualStack(listener: Endpoint, socket: Endpoint): boolean {
  if (listener.port !== socket.port || isIPv6(listener) === isIPv6(socket)) return false
  return (isIPv6(listener) ? listener : socket).address === '::'
}

function isIPv6(endpoint: Endpoint): boolean {
  return endpoint.address.includes(':')
}

function endpointKey(endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port}`
}

/** The error's code, or undefined when it worked. Port 0 tries the address alone. */
function tryBind(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer((socket) => socket.destroy())
    server.on('error', (error: NodeJS.ErrnoException) => done(error.code))
    server.listen({ host, port, ipv6Only: true }, () => server.close(() => done(undefined)))
  })
}

function show({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

async function taken(listener: Listener, socket: ListeningSocket): Promise<Finding> {
  const holder = (await findHolder(socket.inode)) ?? 'another process'
  return {
    message: `${listener.section} is to listen on ${show(listener)}, where ${holder} listens`,
    hint: `end that process, or change the listener's port (ss -ltnp shows who listens)`,
  }
}

function noSuchAddress(listener: Listener): Finding {
  return {
    message: `${listener.section} is to listen on ${show(listener)}, an address this machine does not have`,
    hint: 'change the address of the listener, add it to an interface, or set net.ipv4.ip_nonlocal_bind',
  }
}
