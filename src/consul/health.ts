/** Consul's answer about the health of one service → instances in canonical form, or why it is no answer. Pure. */
import type { Answer, Check, CheckStatus, Instance, ServiceQuery } from '../model/catalog.ts'
import { printable, type Failure } from '../model/failure.ts'
import { canonicalChecks, canonicalTags, inOrderOfIdentity } from './canonical.ts'
import { splitEntries, type EntryMemory } from './entries.ts'
import { refusalOf, TOKEN_HINT } from './refusal.ts'
import { isObject, ShapeReader, type Fields } from './shape.ts'
import type { ConsulResponse } from './transport.ts'

/**
 * `query` as it was sent, defaults of the settings included; `name` is the agent's address. With a `memory`,
 * instances of a long list that are as they were are the objects that they were.
 */
export function parseHealth(
  response: ConsulResponse,
  query: ServiceQuery,
  name: string,
  memory?: EntryMemory<Entry>,
): Answer {
  const refusal = refusalOf(response, name, describeQuery(query))
  if (refusal !== undefined) return failed(refusal)
  // An answer that leaves out what the token may not see is a fault of the token, never an empty list.
  if (response.headers.get('x-consul-results-filtered-by-acls') === 'true')
    return failed(filteredByToken(query, name))
  const known = memory && readAgain(response.body, query, memory)
  return known === undefined ? readWhole(response.body, query, name) : answered(known)
}

function readWhole(body: string, query: ServiceQuery, name: string): Answer {
  const entries = parseJson(body)
  if (!Array.isArray(entries)) return failed(unusable('is not a list of instances', query, name))
  const list: readonly unknown[] = entries
  if (list.some((entry) => isElsewhere(entry, query.partition)))
    return failed(unusable('is about another partition: this Consul has none', query, name))
  return answered(list.map((entry, i) => parseEntry(entry, i)))
}

/** Undefined where what an entry is depends on others, or it is none: what is wrong is said of the whole. */
function readAgain(
  body: string,
  { partition }: ServiceQuery,
  memory: EntryMemory<Entry>,
): readonly Entry[] | undefined {
  const texts = splitEntries(body)
  return (
    texts &&
    memory.readEach(texts, (text) => {
      const entry = parseJson(text)
      const isWhole = idOf(entry) !== undefined && !isElsewhere(entry, partition)
      return isWhole ? parseEntry(entry, 0) : undefined
    })
  )
}

function answered(entries: readonly Entry[]): Answer {
  const instances = entries.flatMap((entry) => ('instance' in entry ? [entry.instance] : []))
  const sentences = entries.flatMap((entry) => ('unusable' in entry ? [entry.unusable] : []))
  return {
    state: 'answered',
    instances: inOrderOfIdentity(instances),
    ...(sentences.length > 0 && { unusable: sentences.toSorted() }),
  }
}

/** `service "api" (datacenter "dc2")`, printable. */
export function describeQuery(query: ServiceQuery): string {
  const parts = (['datacenter', 'namespace', 'partition', 'filter'] as const).flatMap((part) => {
    const value = query[part]
    return value === undefined ? [] : [`${part} "${printable(value, 60)}"`]
  })
  return `service "${printable(query.service, 60)}"${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
}

export function filteredByToken(query: ServiceQuery, name: string): Failure {
  return {
    reason: 'consul-refused',
    message: `the token may not see all of ${describeQuery(query)} in Consul at ${name}`,
    hint: TOKEN_HINT,
    transient: false,
  }
}

/** Of a service: an instance, or a sentence about what is wrong with it. */
export type Entry = { readonly instance: Instance } | { readonly unusable: string }

/** An entry without the needed shape is left out alone: one odd registration must not hide the others. */
function parseEntry(entry: unknown, index: number): Entry {
  const read = new ShapeReader()
  const { Node, Service, Checks } = read.object(entry, 'the entry')
  const node = read.object(Node, 'Node')
  const service = read.object(Service, 'Service')
  const address = orEmpty(service['Address'])
  const instance: Instance = {
    node: read.text(node['Node'], 'Node.Node'),
    id: read.text(service['ID'], 'Service.ID'),
    datacenter: read.text(node['Datacenter'], 'Node.Datacenter'),
    address: read.text(address === '' ? node['Address'] : address, 'the address'),
    port: read.integer(service['Port'], 'Service.Port'),
    tags: shared(canonicalTags(read.texts(service['Tags'] ?? [], 'Service.Tags'))),
    weights: readWeights(read, service['Weights']),
    // Null is what Consul says for none; their absence would say nothing about health.
    checks: shared(readChecks(read, Checks === null ? [] : Checks)),
  }
  const [problem] = read.problems
  if (problem === undefined) return { instance }
  const named = idOf(entry)
  const id = named === undefined ? `number ${index + 1}` : printable(named, 60)
  return { unusable: `instance ${id}: ${problem}` }
}

/** Undefined where an entry has none: it is named by its place then. */
function idOf(entry: unknown): string | undefined {
  const service = isObject(entry) && isObject(entry['Service']) ? entry['Service'] : {}
  return typeof service['ID'] === 'string' ? service['ID'] : undefined
}

function readWeights(read: ShapeReader, value: unknown): Instance['weights'] {
  if (value === undefined || value === null) return PLAIN
  const weights = read.object(value, 'Service.Weights')
  const passing = read.integer(weights['Passing'], 'Service.Weights.Passing')
  const warning = read.integer(weights['Warning'], 'Service.Weights.Warning')
  return passing === 1 && warning === 1 ? PLAIN : { passing, warning }
}

/** What most instances have is there once: a daemon keeps tens of thousands of them. */
const PLAIN: Instance['weights'] = { passing: 1, warning: 1 }
const NONE: readonly never[] = []

function shared<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list
}

/** Output and notes of a check change all the time and mean nothing here. */
function readChecks(read: ShapeReader, value: unknown): Check[] {
  const checks = read.list(value, 'Checks').map((item, i): Check => {
    const check = read.object(item, `Checks[${i}]`)
    const id = read.text(check['CheckID'], `Checks[${i}].CheckID`)
    const status = readStatus(read, check, `Checks[${i}].Status`)
    return {
      id,
      name: read.text(check['Name'], `Checks[${i}].Name`),
      status: isMaintenance(id) ? 'maintenance' : status,
    }
  })
  return canonicalChecks(checks)
}

function readStatus(read: ShapeReader, check: Fields, path: string): CheckStatus {
  return read.oneOf(check['Status'], path, ['critical', 'warning', 'passing', 'maintenance'])
}

function isMaintenance(checkId: string): boolean {
  return checkId === '_node_maintenance' || checkId.startsWith('_service_maintenance:')
}

/** Consul before 1.11 passes over `?partition=` in silence; its entries then bear no partition. */
function isElsewhere(entry: unknown, partition: string | undefined): boolean {
  if (partition === undefined) return false
  const service = isObject(entry) && isObject(entry['Service']) ? entry['Service'] : {}
  const bears = orEmpty(service['Partition'])
  return (bears === '' ? 'default' : bears) !== partition.toLowerCase()
}

function orEmpty(value: unknown): unknown {
  return value ?? ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unusable(what: string, query: ServiceQuery, name: string): Failure {
  return {
    reason: 'consul-answer-unusable',
    message: `what ${name} answers about ${describeQuery(query)} ${what}`,
    hint: 'is consul.address (CONSUL_HTTP_ADDR) the HTTP address of a Consul agent?',
    transient: true,
  }
}

function failed(failure: Failure): Answer {
  return { state: 'failed', failure }
}
