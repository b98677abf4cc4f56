/* oxlint-disable no-await-in-loop -- waiting for one thing after another is what this file does */
/** Starts a real Consul agent on loopback: in go a few wishes, out comes a handle that ends it again. */
import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findConsul } from './binaries.ts'
import { freePorts } from './free-port.ts'

export type Status = 'passing' | 'warning' | 'critical'

export interface Registration {
  readonly service: string
  /** Default: the service's name. */
  readonly id?: string
  /** Default: none, so that the node's counts. */
  readonly address?: string
  readonly port: number
  readonly tags?: readonly string[]
  readonly weights?: { readonly passing: number; readonly warning: number }
  /** Status of a check `service:<id>` that `setCheck` moves; default passing. */
  readonly status?: Status
  /** Consul's own check definitions, instead of the one above. */
  readonly checks?: readonly object[]
}

export interface ConsulAgent {
  readonly address: string
  readonly pid: number
  /** Management token; only where ACLs were asked for. */
  readonly token: string | undefined
  /** Any call of Consul's API; throws when the answer is not 2xx. */
  call(method: string, path: string, body?: unknown): Promise<unknown>
  /** Returns when the catalog shows the instance. */
  register(registration: Registration): Promise<void>
  deregister(id: string): Promise<void>
  setCheck(checkId: string, status: Status): Promise<void>
  setMaintenance(serviceId: string, on: boolean): Promise<void>
  stop(): Promise<void>
}

export interface ConsulOptions {
  /** Path of the program; default: the one that `findConsul` finds or fetches. */
  readonly binary?: string
  /** ACLs on, policy deny. */
  readonly acl?: boolean
  /**
   * `development` (default) is there at once, keeps nothing on disk and writes every answer with line breaks, three
   * times as long; `server` is what people run.
   */
  readonly mode?: 'development' | 'server'
  /** More configuration in Consul's HCL. */
  readonly hcl?: readonly string[]
}

const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 5_000
const NODE = 'legate-test'

export async function startConsul(options: ConsulOptions = {}): Promise<ConsulAgent> {
  const binary = options.binary ?? (await findConsul({ fetch: true }))
  if (binary === undefined) throw new Error('there is no Consul to start')
  // A free port can be taken before Consul has it.
  for (let attempt = 1; ; attempt += 1)
    try {
      return await startOn(binary, options)
    } catch (error) {
      if (attempt === 3) throw error
    }
}

async function startOn(binary: string, options: ConsulOptions): Promise<ConsulAgent> {
  const folder = await mkdtemp(join(tmpdir(), 'legate-consul-'))
  const [http, server, serf] = await freePorts(3)
  const ports = `ports { http = ${http} server = ${server} serf_lan = ${serf} serf_wan = -1 dns = -1 grpc = -1${await later(binary)} }`
  const acl = options.acl === true ? ['acl { enabled = true default_policy = "deny" }'] : []
  const isServer = options.mode === 'server'
  const pace = isServer ? ['performance { raft_multiplier = 1 }'] : []
  const hcl = [ports, 'log_level = "warn"', ...pace, ...acl, ...(options.hcl ?? [])]
  const flags = ['-bind', '127.0.0.1', '-client', '127.0.0.1', '-node', NODE, '-data-dir', folder]
  const more = hcl.flatMap((text) => ['-hcl', text])
  const mode = isServer ? ['-server', '-bootstrap-expect', '1'] : ['-dev']
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
  const child = spawn(binary, ['agent', ...mode, ...flags, ...more], { stdio })
  const agent = new Agent(child, `http://127.0.0.1:${http}`, folder)
  try {
    await agent.start(options.acl === true)
    return agent
  } catch (error) {
    await agent.stop()
    throw error
  }
}

class Agent implements ConsulAgent {
  readonly address: string
  token: string | undefined
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #ended: Promise<unknown>
  readonly #onExit = (): void => void this.#child.kill('SIGKILL')
  #log = ''

  constructor(child: ChildProcess, address: string, folder: string) {
    this.#child = child
    this.address = address
    this.#folder = folder
    this.#ended = new Promise((resolve) => {
      child.once('exit', resolve)
      child.once('error', resolve)
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-4_000)
      })
    process.once('exit', this.#onExit)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  async start(acl: boolean): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS
    while (!(await this.#leads())) {
      if (this.#child.exitCode !== null || this.#child.pid === undefined || Date.now() > deadline)
        throw new Error(`Consul did not start:\n${this.#log}`)
      await pause(50)
    }
    if (acl) this.token = field(await this.call('PUT', '/v1/acl/bootstrap'), 'SecretID')
    await this.#until('/v1/catalog/nodes', (nodes) => Array.isArray(nodes) && nodes.length > 0)
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    return (await this.#send(method, path, body)).body
  }

  async register(registration: Registration): Promise<void> {
    const { service, id = service, address = '', port, tags = [], weights } = registration
    const ttl = { CheckID: `service:${id}`, TTL: '24h', Status: registration.status ?? 'passing' }
    await this.call('PUT', '/v1/agent/service/register', {
      Name: service,
      ID: id,
      Address: address,
      Port: port,
      Tags: tags,
      ...(weights && { Weights: { Passing: weights.passing, Warning: weights.warning } }),
      Checks: registration.checks ?? [ttl],
    })
    await this.#until(`/v1/catalog/node/${NODE}`, (node) => has(node, 'Services', id))
  }

  async deregister(id: string): Promise<void> {
    await this.call('PUT', `/v1/agent/service/deregister/${encodeURIComponent(id)}`)
    await this.#until(`/v1/catalog/node/${NODE}`, (node) => !has(node, 'Services', id))
  }

  async setCheck(checkId: string, status: Status): Promise<void> {
    await this.call('PUT', `/v1/agent/check/update/${encodeURIComponent(checkId)}`, {
      Status: status,
    })
    await this.#untilCheck(checkId, (found) => found === status)
  }

  async setMaintenance(serviceId: string, on: boolean): Promise<void> {
    const path = `/v1/agent/service/maintenance/${encodeURIComponent(serviceId)}?enable=${on}`
    await this.call('PUT', path)
    await this.#untilCheck(`_service_maintenance:${serviceId}`, (found) => on === (found !== ''))
  }

  async stop(): Promise<void> {
    process.off('exit', this.#onExit)
    this.#child.kill('SIGTERM')
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await this.#ended
    clearTimeout(killer)
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #leads(): Promise<boolean> {
    return this.call('GET', '/v1/status/leader').then(
      (leader) => leader !== '',
      () => false,
    )
  }

  /** `expected` is given the check's status, or nothing when there is no such check. */
  async #untilCheck(checkId: string, expected: (status: string) => boolean): Promise<void> {
    await this.#until(`/v1/health/node/${NODE}`, (checks) => {
      const all: unknown[] = Array.isArray(checks) ? checks : []
      const check = all.find((c) => field(c, 'CheckID') === checkId)
      return expected(field(check, 'Status') ?? '')
    })
  }

  /** Blocking queries until the answer is as wished: the agent tells its servers a moment later. */
  async #until(path: string, wished: (body: unknown) => boolean): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS
    let index = '0'
    while (Date.now() < deadline) {
      const answer = await this.#send('GET', `${path}?wait=5s&index=${index}`)
      if (wished(answer.body)) return
      index = answer.index
    }
    throw new Error(`Consul's ${path} never became as expected:\n${this.#log}`)
  }

  async #send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ body: unknown; index: string }> {
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: this.token === undefined ? {} : { 'x-consul-token': this.token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(START_TIMEOUT_MS),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`Consul: ${method} ${path}: ${response.status} ${text}`)
    const json: unknown = text === '' ? undefined : JSON.parse(text)
    return { body: json, index: response.headers.get('x-consul-index') ?? '0' }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function field(value: unknown, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined
  return typeof found === 'string' ? found : undefined
}

function has(value: unknown, name: string, key: string): boolean {
  const found = isObject(value) ? value[name] : undefined
  return isObject(found) && Object.hasOwn(found, key)
}

/** Consul from 1.14 opens one port more, which older ones do not know. */
async function later(binary: string): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, ['version'])
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout) ?? []
  return Number(major) > 1 || Number(minor) >= 14 ? ' grpc_tls = -1' : ''
}
