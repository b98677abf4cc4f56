/** Manifests of two services on a frontend, each with a host of its own; ports go in, YAML comes out. */
import type { Place } from '../e2e/manifests.ts'
import type { Lane } from './load.ts'

export interface Service {
  /** Of the service in Consul, its Backend and the first label of its host. */
  readonly name: string
  /** Lines of the Backend's spec. */
  readonly more?: readonly string[]
}

/** The shortest way to know that a server is there. */
export const TCP_CHECK = 'check: { type: TCP, interval: 100ms, timeout: 5s, rise: 1, fall: 10 }'

export function manifestsOf(services: readonly Service[]): (place: Place) => string {
  return ({ port }) =>
    [
      `apiVersion: legate/v1
kind: Frontend
metadata: { name: web }
spec:
  listeners:
    - { name: plain, address: 127.0.0.1, port: ${port} }
`,
      ...services.flatMap(({ name, more = [TCP_CHECK] }) => [
        `apiVersion: legate/v1
kind: HostRoute
metadata: { name: ${name} }
spec:
  parentRefs: [{ name: web }]
  hostnames: [${hostOf(name)}]
  rules:
    - backendRefs: [{ name: ${name} }]
`,
        `apiVersion: legate/v1
kind: Backend
metadata: { name: ${name} }
spec:
  source: { consul: { service: ${name} } }
  addresses: { allowLoopback: Allow }
${more.map((line) => `  ${line}\n`).join('')}`,
      ]),
    ].join('---\n')
}

export function laneOf(name: string, { port }: Place): Lane {
  return { port, host: hostOf(name), right: (server) => server.startsWith(`${name}-`) }
}

function hostOf(name: string): string {
  return `${name}.example.org`
}
