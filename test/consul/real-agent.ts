/* oxlint-disable no-await-in-loop -- waiting for one thing after another is what this file does */
/** A Consul server with a data folder, which can be killed and started again: wishes go in, a handle comes out. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { freePorts } from '../tools/free-port.ts'

export interface ServerWishes {
  readonly binary: string
  readonly hcl?: readonly string[]
  /** Of a cluster; default: alone. */
  readonly join?: { readonly servers: number; readonly others: readonly RealServer[] }
}

interface Ports {
  readonly http: number
  readonly https: number
  readonly server: number
  readonly serf: number
}

const START_MS = 40_000

export class RealServer {
  readonly #wishes: ServerWishes
  readonly #ports: Ports
  readonly #folder: string
  #child: ChildProcess | undefined
  #log = ''
  token: string | undefined

  private constructor(wishes: ServerWishes, ports: Ports, folder: string) {
    this.#wishes = wishes
    this.#ports = ports
    this.#folder = folder
  }

  /** Ends with the test. */
  static async start(wishes: ServerWishes): Promise<RealServer> {
    const folder = await mkdtemp(join(tmpdir(), 'legate-consul-'))
    const [http = 0, https = 0, server = 0, serf = 0] = await freePorts(4)
    const one = new RealServer(wishes, { http, https, server, serf }, folder)
    onTestFinished(async () => {
      await one.kill()
      await rm(folder, { recursive: true, force: true })
    })
    one.#spawn([])
    return one
  }

  get address(): string {
    return `http://127.0.0.1:${this.#ports.http}`
  }

  get httpsAddress(): string {
    return `https://127.0.0.1:${this.#ports.https}`
  }

  get serf(): string {
    return `127.0.0.1:${this.#ports.serf}`
  }

  get rpc(): string {
    return `127.0.0.1:${this.#ports.server}`
  }

  /** SIGKILL, as the kernel does it. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  /** The same ports; the data too, unless it is wiped. */
  async restart({ wipe = false, hcl = [] as readonly string[] } = {}): Promise<void> {
    if (wipe) await rm(join(this.#folder, 'data'), { recursive: true, force: true })
    this.#spawn(hcl)
  }

  /** Until it knows a leader, and another than the one that is gone. */
  async untilItLeads({ other = '' } = {}): Promise<void> {
    const deadline = Date.now() + START_MS
    while (['', other].includes(await this.leader().catch(() => ''))) {
      if (Date.now() > deadline) throw new Error(`Consul has no leader:\n${this.#log}`)
      await pause(50)
    }
  }

  /** RPC address of the leader, or nothing. */
  async leader(): Promise<string> {
    return String(await this.call('GET', '/v1/status/leader'))
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: this.token === undefined ? {} : { 'x-consul-token': this.token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(START_MS),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`Consul: ${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** Straight into the catalog, on a node of its own: seen at once, and kept by the servers alone. */
  async put(service: string, id: string, port = 8080): Promise<void> {
    await this.call('PUT', '/v1/catalog/register', {
      Node: `node-${id}`,
      Address: '10.0.0.1',
      Service: { Service: service, ID: id, Port: port },
      Check: { CheckID: `service:${id}`, Name: 'ok', ServiceID: id, Status: 'passing' },
    })
  }

  async remove(id: string): Promise<void> {
    await this.call('PUT', '/v1/catalog/deregister', { Node: `node-${id}`, ServiceID: id })
  }

  /** From here on all calls are the management's. Right after its election a leader is still "in legacy mode". */
  async bootstrapAcl(): Promise<void> {
    const deadline = Date.now() + START_MS
    while (this.token === undefined) {
      const answer = await this.call('PUT', '/v1/acl/bootstrap').catch((error: unknown) => {
        if (Date.now() > deadline || !String(error).includes('legacy mode')) throw error
      })
      if (answer === undefined) await pause(50)
      else this.token = String(Object(answer).SecretID)
    }
  }

  async tokenFor(name: string, rules: string): Promise<{ secret: string; accessor: string }> {
    await this.call('PUT', '/v1/acl/policy', { Name: name, Rules: rules })
    const made: { SecretID?: unknown; AccessorID?: unknown } = Object(
      await this.call('PUT', '/v1/acl/token', { Policies: [{ Name: name }] }),
    )
    return { secret: String(made.SecretID), accessor: String(made.AccessorID) }
  }

  #spawn(more: readonly string[]): void {
    const { http, https, server, serf } = this.#ports
    const ports = `ports { http = ${http} https = ${this.#wishes.hcl?.some((h) => h.includes('cert_file')) === true ? https : -1} server = ${server} serf_lan = ${serf} serf_wan = -1 dns = -1 grpc = -1 }`
    const quick =
      'performance { raft_multiplier = 1 } disable_update_check = true log_level = "warn"'
    const hcl = [ports, quick, ...(this.#wishes.hcl ?? []), ...more].flatMap((text) => [
      '-hcl',
      text,
    ])
    const { servers = 1, others = [] } = this.#wishes.join ?? {}
    const joins = others.flatMap((other) => ['-retry-join', other.serf])
    const where = ['-bind', '127.0.0.1', '-client', '127.0.0.1', '-node', `server-${server}`]
    const data = ['-data-dir', join(this.#folder, 'data')]
    const flags = ['-server', '-bootstrap-expect', String(servers), '-retry-interval', '1s']
    const child = spawn(
      this.#wishes.binary,
      ['agent', ...flags, ...where, ...data, ...joins, ...hcl],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-4_000)
      })
    // The test run may end without its tests.
    process.setMaxListeners(100).once('exit', () => child.kill('SIGKILL'))
    this.#child = child
  }
}
