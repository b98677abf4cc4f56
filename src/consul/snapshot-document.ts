/** The JSON document of a catalog, parsed: any value goes in, entries and the problems of all of it come out. */
import {
  queryKey,
  type Answer,
  type CatalogEntry,
  type Check,
  type Instance,
  type ServiceQuery,
} from '../model/catalog.ts'
import type { Failure, FailureReason } from '../model/failure.ts'
import { canonicalChecks, canonicalTags, inOrderOfIdentity } from './canonical.ts'
import { describeQuery } from './health.ts'
import { ShapeReader, type Fields } from './shape.ts'

export const API_VERSION = 'legate/v1'
export const KIND = 'Catalog'

const STATUSES = ['critical', 'passing', 'warning', 'maintenance'] as const
const PLACE = ['datacenter', 'namespace', 'partition', 'filter'] as const
const FIELDS = 'id node datacenter address port tags weights checks status'.split(' ')

export interface Document {
  readonly entries: readonly CatalogEntry[]
  /** Printable, each begins with where it is (`services[2].instances[0].port …`). */
  readonly problems: readonly string[]
}

export function readDocument(json: unknown): Document {
  const read = new ShapeReader()
  const document = read.object(json, '', ['apiVersion', 'kind', 'services'])
  read.oneOf(document['apiVersion'] ?? API_VERSION, 'apiVersion', [API_VERSION])
  read.oneOf(document['kind'] ?? KIND, 'kind', [KIND])
  const services = read.list(document['services'], 'services')
  const entries = services.map((value, i) => readEntry(read, value, `services[${i}]`))
  const seen = new Set<string>()
  for (const [i, { query }] of entries.entries()) {
    const key = queryKey(query)
    if (seen.has(key)) read.note(`services[${i}]`, `repeats ${describeQuery(query)}`)
    seen.add(key)
  }
  return { entries, problems: read.problems }
}

function readEntry(read: ShapeReader, value: unknown, path: string): CatalogEntry {
  const known = ['service', ...PLACE, 'instances', 'unusable', 'failure']
  const entry = read.object(value, path, known)
  const query: ServiceQuery = {
    service: read.text(entry['service'], `${path}.service`),
    ...Object.fromEntries(
      PLACE.flatMap((name) => {
        const text = optional(entry[name], (given) => read.text(given, `${path}.${name}`))
        return text === undefined ? [] : [[name, text]]
      }),
    ),
  }
  return { query, answer: readAnswer(read, entry, path) }
}

function readAnswer(read: ShapeReader, entry: Fields, path: string): Answer {
  if (entry['failure'] !== undefined) {
    if (entry['instances'] !== undefined) read.note(path, 'has both instances and a failure')
    return { state: 'failed', failure: readFailure(read, entry['failure'], `${path}.failure`) }
  }
  const service = typeof entry['service'] === 'string' ? entry['service'] : ''
  const datacenter = typeof entry['datacenter'] === 'string' ? entry['datacenter'] : 'dc1'
  const instances = read.list(entry['instances'], `${path}.instances`).map((value, i) =>
    readInstance(read, value, {
      path: `${path}.instances[${i}]`,
      defaults: { id: `${service}-${i + 1}`, datacenter },
    }),
  )
  const unusable = optional(entry['unusable'], (v) => read.texts(v, `${path}.unusable`))
  return {
    state: 'answered',
    instances: inOrderOfIdentity(instances),
    ...(unusable !== undefined && { unusable }),
  }
}

interface Place {
  readonly path: string
  readonly defaults: { readonly id: string; readonly datacenter: string }
}

function readInstance(read: ShapeReader, value: unknown, { path, defaults }: Place): Instance {
  const instance = read.object(value, path, FIELDS)
  return {
    node: read.text(instance['node'] ?? 'node', `${path}.node`),
    id: read.text(instance['id'] ?? defaults.id, `${path}.id`),
    datacenter: read.text(instance['datacenter'] ?? defaults.datacenter, `${path}.datacenter`),
    address: read.text(instance['address'], `${path}.address`),
    port: read.integer(instance['port'], `${path}.port`),
    tags: canonicalTags(read.texts(instance['tags'] ?? [], `${path}.tags`)),
    weights: readWeights(read, instance['weights'], `${path}.weights`),
    checks: readChecks(read, instance, path),
  }
}

function readWeights(read: ShapeReader, value: unknown, path: string): Instance['weights'] {
  if (value === undefined) return { passing: 1, warning: 1 }
  const weights = read.object(value, path, ['passing', 'warning'])
  return {
    passing: read.integer(weights['passing'] ?? 1, `${path}.passing`),
    warning: read.integer(weights['warning'] ?? 1, `${path}.warning`),
  }
}

/** `"status": "critical"` is short for one check that says so. */
function readChecks(read: ShapeReader, instance: Fields, path: string): Check[] {
  const { checks, status } = instance
  if (status !== undefined) {
    if (checks !== undefined) read.note(path, 'has both checks and a status')
    const word = read.oneOf(status, `${path}.status`, STATUSES)
    return [{ id: 'status', name: 'status', status: word }]
  }
  return canonicalChecks(
    read.list(checks ?? [], `${path}.checks`).map((value, i): Check => {
      const at = `${path}.checks[${i}]`
      const check = read.object(value, at, ['id', 'name', 'status'])
      const id = read.text(check['id'], `${at}.id`)
      return {
        id,
        name: read.text(check['name'] ?? id, `${at}.name`),
        status: read.oneOf(check['status'], `${at}.status`, STATUSES),
      }
    }),
  )
}

const REASONS = [
  'consul-unreachable',
  'consul-refused',
  'consul-answer-unusable',
  'catalog-missing',
  'files-unreadable',
  'timeout',
  'interrupted',
] as const satisfies readonly FailureReason[]

function readFailure(read: ShapeReader, value: unknown, path: string): Failure {
  const failure = read.object(value, path, ['reason', 'message', 'hint', 'detail', 'transient'])
  const hint = optional(failure['hint'], (v) => read.text(v, `${path}.hint`))
  const detail = optional(failure['detail'], (v) => read.texts(v, `${path}.detail`))
  return {
    reason: read.oneOf(failure['reason'], `${path}.reason`, REASONS),
    message: read.text(failure['message'], `${path}.message`),
    ...(hint !== undefined && { hint }),
    ...(detail !== undefined && { detail }),
    transient: failure['transient'] === true,
  }
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value)
}
