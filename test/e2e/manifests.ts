/** Pieces of YAML for the sites of these tests: a few words go in, documents come out. */

export interface Place {
  readonly port: number
}

/** A frontend that sends everything to the Backend `app`. */
export function plainFrontend({ port }: Place): string {
  return `apiVersion: legate/v1
kind: Frontend
metadata: { name: web }
spec:
  listeners:
    - { name: plain, address: 127.0.0.1, port: ${port} }
---
apiVersion: legate/v1
kind: HostRoute
metadata: { name: all }
spec:
  parentRefs: [{ name: web }]
  rules:
    - backendRefs: [{ name: app }]
`
}

/** `more` is lines of the spec. */
export function consulBackend(name: string, service: string, more: readonly string[] = []): string {
  return backend(name, [`source: { consul: { service: ${service} } }`, ...more])
}

/** Each server is `name: port` on loopback. */
export function staticBackend(
  name: string,
  servers: Readonly<Record<string, number>>,
  more: readonly string[] = [],
): string {
  const list = Object.entries(servers).map(
    ([server, port]) => `{ name: ${server}, address: 127.0.0.1, port: ${port} }`,
  )
  return backend(name, [`source: { static: { servers: [${list.join(', ')}] } }`, ...more])
}

export function backend(name: string, lines: readonly string[]): string {
  return `---
apiVersion: legate/v1
kind: Backend
metadata: { name: ${name} }
spec:
${lines.map((line) => `  ${line}\n`).join('')}  check: { type: None }
  addresses: { allowLoopback: Allow }
`
}
