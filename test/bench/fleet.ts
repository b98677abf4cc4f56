/** A thousand services that do not exist, in a real Consul: registered, moved, and written down for each contender. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ConsulAgent } from '../tools/consul-agent.ts'

export const INSTANCES = 10
/** The one service with real web servers behind it: requests go there while the others move. */
export const APP = 'app'

export interface Fleet {
  readonly services: number
  /** Of the web servers; without any there is no `APP`. */
  readonly webPorts: readonly number[]
}

export async function register(consul: ConsulAgent, { services, webPorts }: Fleet): Promise<void> {
  for (let i = 0; i < services; i += 1)
    // oxlint-disable-next-line no-await-in-loop -- ten at a time are enough
    await Promise.all(Array.from({ length: INSTANCES }, (_, j) => move(consul, i, j, 8000)))
  await Promise.all(
    webPorts.map((port, j) =>
      put(consul, j, { ID: `${APP}-${j}`, Service: APP, Address: '127.0.0.1', Port: port }),
    ),
  )
}

/** Instance `j` of service `i` has another port from now on. */
export async function move(consul: ConsulAgent, i: number, j: number, port: number): Promise<void> {
  await put(consul, j, { ID: `s${i}-${j}`, Service: `s${i}`, Port: port })
}

export interface Place {
  readonly i: number
  readonly j: number
  readonly port: number
}

const EVERY_MS = 50

/** For so long one instance after the other gets another port, 20 a second; out come how many, and the last one. */
export async function change(
  consul: ConsulAgent,
  { services }: Fleet,
  forMs: number,
  firstPort: number,
): Promise<{ readonly changes: number; readonly last: Place }> {
  const beganMs = performance.now()
  let changes = 0
  let last: Place = { i: 0, j: 0, port: 0 }
  while (performance.now() - beganMs < forMs) {
    last = { i: (changes * 104_729) % services, j: changes % INSTANCES, port: firstPort + changes }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await move(consul, last.i, last.j, last.port)
    changes += 1
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await pause(Math.max(0, beganMs + changes * EVERY_MS - performance.now()))
  }
  return { changes, last }
}

async function put(consul: ConsulAgent, node: number, service: object): Promise<void> {
  await consul.call('PUT', '/v1/catalog/register', {
    Node: `node-${node}`,
    Address: `10.${node}.0.1`,
    Service: service,
    SkipNodeUpdate: true,
  })
}

/** For Legate. */
export function writeManifests(folder: string, { services, webPorts }: Fleet, port: number): void {
  mkdirSync(folder, { recursive: true })
  const named = (name: string, addresses?: object): object[] => [
    {
      kind: 'Backend',
      metadata: { name },
      spec: { source: { consul: { service: name } }, check: { type: 'None' }, ...addresses },
    },
    {
      kind: 'HostRoute',
      metadata: { name },
      spec: {
        parentRefs: [{ name: 'web' }],
        hostnames: [`${name}.example.com`],
        rules: [{ backendRefs: [{ name }] }],
      },
    },
  ]
  const documents = [
    {
      kind: 'Frontend',
      metadata: { name: 'web' },
      spec: { listeners: [{ name: 'plain', address: '127.0.0.1', port }] },
    },
    ...(webPorts.length === 0 ? [] : named(APP, { addresses: { allowLoopback: 'Allow' } })),
    ...Array.from({ length: services }, (_, i) => named(`s${i}`)).flat(),
  ]
  const text = documents
    .map((document) => JSON.stringify({ apiVersion: 'legate/v1', ...document }))
    .join('\n---\n')
  writeFileSync(join(folder, 'all.yaml'), `${text}\n`)
}

/** A configuration as people write it by hand; `servers` gives the lines of a backend. */
export function handWritten(
  { services }: Fleet,
  at: { readonly port: number; readonly statsSocket: string; readonly hostsMap: string },
  servers: (service: string) => string,
): string {
  const names = [APP, ...Array.from({ length: services }, (_, i) => `s${i}`)]
  return [
    'global',
    `    stats socket ${at.statsSocket} mode 600 level admin`,
    '    hard-stop-after 10m',
    'defaults',
    '    mode http',
    '    option idle-close-on-response',
    '    timeout connect 5s',
    '    timeout client 50s',
    '    timeout server 50s',
    'frontend web',
    `    bind 127.0.0.1:${at.port}`,
    `    use_backend %[req.hdr(host),host_only,lower,map(${at.hostsMap},${APP})]`,
    ...names.map((name) => `backend ${name}\n    balance roundrobin\n${servers(name)}`),
    '',
  ].join('\n')
}

export function hostsMap({ services }: Fleet): string {
  return Array.from({ length: services }, (_, i) => `s${i}.example.com s${i}\n`).join('')
}
