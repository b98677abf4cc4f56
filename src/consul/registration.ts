/** Registers the daemon as a service with the agent, with a TTL check that says how it goes, until it ends. */
import type { Clock } from '../model/feed.ts'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import { parseAddress } from './address.ts'
import type { ConsulAccess } from './catalog.ts'
import { openClient } from './client.ts'
import { readCredentials } from './credentials.ts'
import { refusalOf } from './refusal.ts'
import type { Limits } from './transport.ts'

export interface RegistrationOptions {
  readonly access: ConsulAccess
  readonly clock: Clock
  /** The service, and what tells it from others of it at the same agent. */
  readonly service: string
  readonly id: string
  readonly ttlMs: number
  /** Where it serves its status, if others can reach that. */
  readonly at?: { readonly address: string; readonly port: number }
  readonly version: string
  readonly health: () => Health
  /** Once when it begins to fail, and once when it works again. */
  readonly tell: (failure: Failure | undefined) => void
}

export interface Health {
  readonly status: 'passing' | 'warning' | 'critical'
  /** For people. */
  readonly output: string
}

export interface Registration {
  /** How it goes has changed: Consul is told at once. */
  refresh(): void
  /** Takes the service away; waits for that a short time only. */
  close(): Promise<void>
}

const TOKEN_HINT = 'the token needs service:write on the service consul.registerAs'
const REQUEST_MS = 5000
const END_MS = 2000
const MAX_BYTES = 65_536
const MOST_CHARACTERS = 1000

export function registerDaemon(options: RegistrationOptions): Registration {
  return new Registered(options)
}

class Registered implements Registration {
  readonly #options: RegistrationOptions
  readonly #ending = new AbortController()
  /** Nothing under way delays the end. */
  readonly #limits = { timeoutMs: REQUEST_MS, signal: this.#ending.signal }
  #isRegistered = false
  #mayBeThere = false
  #hasFailed = false
  #said = ''
  #turn: Promise<void> = Promise.resolve()
  #callOff: () => void = () => undefined

  constructor(options: RegistrationOptions) {
    this.#options = options
    this.#beat()
  }

  refresh(): void {
    const { status, output } = this.#options.health()
    if (`${status} ${output}` !== this.#said) this.#beat()
  }

  async close(): Promise<void> {
    this.#ending.abort()
    this.#callOff()
    await this.#turn
    const path = `/v1/agent/service/deregister/${encodeURIComponent(this.#options.id)}`
    if (this.#mayBeThere) await this.#put(path, {}, { timeoutMs: END_MS })
  }

  /** Three signs of life within the time to live: one may get lost. */
  #beat(): void {
    this.#callOff()
    this.#turn = this.#beatAfter(this.#turn)
  }

  async #beatAfter(before: Promise<void>): Promise<void> {
    await before
    if (this.#ending.signal.aborted) return
    const done = await this.#tellHealth()
    if (this.#ending.signal.aborted) return
    this.#tell(done)
    this.#callOff()
    const { clock, ttlMs } = this.#options
    this.#callOff = clock.after(ttlMs / 3, () => this.#beat())
  }

  async #tellHealth(): Promise<Result<void>> {
    const { id, health } = this.#options
    if (!this.#isRegistered) {
      this.#mayBeThere = true
      const registered = await this.#register()
      if (!registered.ok) return registered
      this.#isRegistered = true
    }
    const { status, output } = health()
    const path = `/v1/agent/check/update/${encodeURIComponent(`service:${id}`)}`
    const told = await this.#put(path, {
      Status: status,
      Output: printable(output, MOST_CHARACTERS),
    })
    if (told.ok) this.#said = `${status} ${output}`
    // An agent that was started anew, or by hand, no longer knows it.
    else this.#isRegistered = false
    return told
  }

  #register(): Promise<Result<void>> {
    const { service, id, ttlMs, at, version } = this.#options
    return this.#put('/v1/agent/service/register', {
      ID: id,
      Name: service,
      ...(at !== undefined && { Address: at.address, Port: at.port }),
      Meta: { version },
      Check: {
        CheckID: `service:${id}`,
        Name: 'Legate',
        Notes:
          'passing: in sync; warning: starting, held or suspended; critical: failing, or silent',
        TTL: `${Math.ceil(ttlMs)}ms`,
        Status: 'warning',
      },
    })
  }

  #tell(done: Result<void>): void {
    if (done.ok === !this.#hasFailed) return
    this.#hasFailed = !done.ok
    this.#options.tell(done.ok ? undefined : done.failure)
  }

  async #put(
    path: string,
    body: object,
    within: Pick<Limits, 'timeoutMs' | 'signal'> = this.#limits,
  ): Promise<Result<void>> {
    const { access } = this.#options
    const endpoint = parseAddress(access.address)
    if (!endpoint.ok) return endpoint
    const credentials = await readCredentials(access)
    if (!credentials.ok) return credentials
    const client = openClient({
      endpoint: endpoint.value,
      credentials: credentials.value,
      maxConnections: 1,
    })
    try {
      const scope = [
        ['ns', access.namespace],
        ['partition', access.partition],
      ] as const
      const query = scope.flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      )
      const limits = { ...within, maxBytes: MAX_BYTES }
      const answer = await client.put(path, query, JSON.stringify(body), limits)
      if (!answer.ok) return answer
      const refusal = refusalOf(answer.value, client.name, 'the registration of the daemon')
      if (refusal === undefined) return ok(undefined)
      const isForbidden = answer.value.status === 401 || answer.value.status === 403
      return fail(isForbidden ? { ...refusal, hint: TOKEN_HINT } : refusal)
    } finally {
      client.close()
    }
  }
}
