/** Asks Consul about the health of services: queries go in, a catalog with an answer for every one comes out. */
import {
  queryKey,
  type Answer,
  type Catalog,
  type CatalogEntry,
  type ServiceQuery,
} from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'
import { ok, type Failure, type Result } from '../model/failure.ts'
import type { CatalogSource } from '../model/ports.ts'
import type { ConsulSettings } from '../model/settings.gen.ts'
import { parseAddress, type Endpoint } from './address.ts'
import { isForbidden } from './authorize.ts'
import { openClient } from './client.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { filteredByToken, parseHealth } from './health.ts'
import { patience, type Patience } from './patience.ts'
import { encodeQuery, isEmpty, withDefaults } from './question.ts'
import type { ConsulTransport, Limits } from './transport.ts'

/** Settings of the schema with their durations read. */
export interface ConsulAccess extends Omit<
  ConsulSettings,
  'timeout' | 'wait' | 'registerAs' | 'registerTtl'
> {
  /** Of one request. */
  readonly timeoutMs: number
}

/** Questions at a time: a single pass must not look like an attack. */
const MOST_AT_ONCE = 32
/** Questions about one datacenter that must run out of time before the others are given up. */
const FEWEST_TIMEOUTS = 4

export function consulSource(access: ConsulAccess): CatalogSource {
  const endpoint = parseAddress(access.address)
  const connection = new Connection(endpoint, access.maxConnections)
  return {
    name: endpoint.ok ? `consul ${endpoint.value.name}` : 'consul',
    read: async (queries) => {
      if (queries.length === 0) return new Map()
      const credentials = await readCredentials(access)
      const transport = credentials.ok ? connection.open(credentials.value) : credentials
      return transport.ok
        ? readAll(queries, { transport: transport.value, access })
        : answerAll(queries, transport.failure)
    },
    close: async () => connection.close(),
  }
}

/** The transport stays as long as the credentials do: a renewed token or certificate opens another. */
class Connection {
  readonly #endpoint: Result<Endpoint>
  readonly #maxConnections: number
  #opened: { readonly transport: ConsulTransport; readonly credentials: string } | undefined

  constructor(endpoint: Result<Endpoint>, maxConnections: number) {
    this.#endpoint = endpoint
    this.#maxConnections = maxConnections
  }

  open(credentials: Credentials): Result<ConsulTransport> {
    if (!this.#endpoint.ok) return this.#endpoint
    const endpoint = this.#endpoint.value
    const key = JSON.stringify(credentials)
    if (this.#opened?.credentials !== key) {
      this.close()
      const transport = openClient({ endpoint, credentials, maxConnections: this.#maxConnections })
      this.#opened = { transport, credentials: key }
    }
    return ok(this.#opened.transport)
  }

  close(): void {
    this.#opened?.transport.close()
    this.#opened = undefined
  }
}

interface Means {
  readonly transport: ConsulTransport
  readonly access: ConsulAccess
}

/** As many questions at a time as there are connections, so that no deadline runs while waiting for one. */
async function readAll(queries: readonly ServiceQuery[], means: Means): Promise<Catalog> {
  const distinct = new Map(queries.map((query) => [queryKey(query), query]))
  const atOnce = Math.min(MOST_AT_ONCE, means.access.maxConnections, distinct.size)
  const tried = patience(Math.max(atOnce, FEWEST_TIMEOUTS))
  const waiting = distinct.entries()
  const entries: [string, CatalogEntry][] = []
  const worker = async (): Promise<void> => {
    for (const [key, query] of waiting)
      // oxlint-disable-next-line no-await-in-loop -- one connection, one question at a time
      entries.push([key, { query, answer: await askPatiently(query, means, tried) }])
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return new Map(entries.toSorted(([a], [b]) => compare(a, b)))
}

/** When not even one question could be sent. */
function answerAll(queries: readonly ServiceQuery[], failure: Failure): Catalog {
  const answer: Answer = { state: 'failed', failure }
  return new Map(queries.map((query) => [queryKey(query), { query, answer }]))
}

async function askPatiently(asked: ServiceQuery, means: Means, tried: Patience): Promise<Answer> {
  const query = withDefaults(asked, means.access)
  const gone = tried.lost(query.datacenter)
  if (gone !== undefined) return { state: 'failed', failure: gone }
  const answer = await ask(query, means)
  tried.note(query.datacenter, answer)
  return answer
}

async function ask(query: ServiceQuery, { transport, access }: Means): Promise<Answer> {
  const encoded = encodeQuery(query)
  if (!encoded.ok) return { state: 'failed', failure: encoded.failure }
  const { path, place, filter } = encoded.value
  const limits: Limits = { timeoutMs: access.timeoutMs, maxBytes: access.maxAnswerBytes }
  const response = await transport.get(path, [...place, ...filter], limits)
  if (!response.ok) return { state: 'failed', failure: response.failure }
  const answer = parseHealth(response.value, query, transport.name)
  if (!isEmpty(answer)) return answer
  const forbidden = await isForbidden(transport, query, { parameters: place, limits })
  if (!forbidden) return answer
  return { state: 'failed', failure: filteredByToken(query, transport.name) }
}
