/** A rendered site that really runs: HAProxy with the bundle's files, HTTP servers behind it, a client before it. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Templates } from '../../src/model/snapshot.ts'
import type { Server, Topology } from '../../src/model/topology.ts'
import type { StartedHaproxy } from '../haproxy/start-haproxy.ts'
import { startHaproxy } from '../haproxy/start-haproxy.ts'
import { bundleOf } from './sample.ts'

/** What a server saw. */
interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
}

export interface Origin {
  readonly name: string
  /** As a server line of a backend. */
  readonly server: Server
  readonly seen: Seen[]
  stop(): void
}

/** A server that answers with its name, and 500 below `/broken`. */
export async function startOrigin(name: string): Promise<Origin> {
  const seen: Seen[] = []
  const http = createServer(({ method, url, headers }, response) => {
    seen.push({ method, url, headers })
    response.writeHead(url?.startsWith('/broken') === true ? 500 : 200, { 'x-origin': name })
    response.end(name)
  })
  const port = await new Promise<number>((resolve) => {
    http.listen(0, '127.0.0.1', () => resolve(portOf(http.address())))
  })
  const server = { name: `s-${name}`, address: '127.0.0.1', port, weight: 100 }
  return { name, server, seen, stop: () => http.close() }
}

export interface Reply {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request on a connection of its own; `host` is sent as it is. */
export function get(
  port: number,
  host: string,
  path = '/',
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      headers: { ...headers, Host: host },
    }
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode, headers: response.headers, body })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export interface Site {
  readonly haproxy: StartedHaproxy
  readonly bundle: Bundle
}

/** `topologyIn` gets the folder for files; sockets and maps go there too. */
export async function startSite(
  binary: string,
  topologyIn: (folder: string) => Topology | Promise<Topology>,
  templates?: Templates,
): Promise<Site> {
  const bundles: Bundle[] = []
  const haproxy = await startHaproxy(binary, async (folder) => {
    const topology = await topologyIn(folder)
    const global = { ...topology.global, statsSocket: join(folder, 'stats.sock') }
    const made = await writeMaps({ ...topology, global }, folder, templates)
    bundles.push(made)
    return made.config
  })
  const [bundle] = bundles
  if (bundle === undefined) throw new Error('nothing was rendered')
  return { haproxy, bundle }
}

async function writeMaps(
  topology: Topology,
  folder: string,
  templates?: Templates,
): Promise<Bundle> {
  const layout = { configFile: join(folder, 'haproxy.cfg'), mapsDir: folder }
  const bundle = bundleOf(topology, templates, layout)
  await Promise.all(bundle.files.map(({ path, text }) => writeFile(path, text)))
  return bundle
}

/** What `haproxy -c` says about the topology; an error when it refuses. */
export async function checkWith(binary: string, topology: Topology): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'legate-'))
  try {
    const { config } = await writeMaps(topology, folder)
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, config)
    const { stdout, stderr } = await promisify(execFile)(binary, ['-c', '-f', file], { env: {} })
    return `${stdout}${stderr}`.trim()
  } finally {
    await rm(folder, { recursive: true })
  }
}
