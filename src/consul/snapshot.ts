/**
 * The one JSON form of a catalog, for `snapshot`, saved state and catalogs written by hand: a catalog goes
 * in and text comes out, and back. Equal catalogs make equal bytes.
 *
 * By hand, `{"services": [{"service": "api", "instances": [{"address": "10.0.0.1", "port": 80}]}]}` is enough.
 */
import { readFile } from 'node:fs/promises'
import {
  queryKey,
  type Answer,
  type Catalog,
  type CatalogEntry,
  type Instance,
} from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import type { CatalogSource } from '../model/ports.ts'
import { remember } from '../model/remember.ts'
import { canonicalChecks, canonicalTags, inOrderOfIdentity, type Answered } from './canonical.ts'
import { describeQuery } from './health.ts'
import { findJsonTrouble } from './json-position.ts'
import { API_VERSION, KIND, readDocument } from './snapshot-document.ts'

/** `dense` is for machines: again and again of nearly the same catalog. */
export function encodeCatalog(catalog: Catalog, form: 'dense' | 'readable' = 'readable'): string {
  const entries = [...catalog].toSorted(([a], [b]) => compare(a, b)).map(([, entry]) => entry)
  const around = { apiVersion: API_VERSION, kind: KIND }
  if (form === 'readable')
    return `${JSON.stringify({ ...around, services: entries.map(entryFields) }, null, 2)}\n`
  const services = entries.map(denseText).join(',')
  return `${JSON.stringify(around).slice(0, -1)},"services":[${services}]}\n`
}

/** As JSON would have it. In a new answer mostly one instance is new: the others are not put into words again. */
const denseText = remember(({ query, answer }: CatalogEntry): string => {
  if (answer.state === 'failed') return JSON.stringify(entryFields({ query, answer }))
  let text = `${JSON.stringify(queryFields(query)).slice(0, -1)},"instances":[`
  // Added one by one they are shared by all texts that they are in; joined they would be copied.
  for (const [place, instance] of inOrderOfIdentity(answer.instances).entries())
    text += (place === 0 ? '' : ',') + instanceText(instance)
  const unusable = answer.unusable && `,"unusable":${JSON.stringify(unusableFields(answer))}`
  return `${text}]${unusable ?? ''}}`
})

const instanceText = remember((instance: Instance) => JSON.stringify(instanceFields(instance)))

function entryFields({ query, answer }: CatalogEntry): object {
  return Object.assign(queryFields(query), answerFields(answer))
}

/** In this order, whatever order the object has. */
function queryFields(query: CatalogEntry['query']): object {
  const { service, datacenter, namespace, partition, filter } = query
  return { service, datacenter, namespace, partition, filter }
}

function answerFields(answer: Answer): object {
  if (answer.state === 'failed') {
    const { reason, message, hint, detail, transient } = answer.failure
    return { failure: { reason, message, hint, detail, transient } }
  }
  return {
    instances: inOrderOfIdentity(answer.instances).map(instanceFields),
    unusable: unusableFields(answer),
  }
}

function unusableFields({ unusable }: Answered): readonly string[] | undefined {
  return unusable?.toSorted(compare)
}

/** What a reader fills in by itself is left out, so that the file stays readable. */
function instanceFields(instance: Instance): object {
  const { node, id, datacenter, address, port, tags, weights, checks } = instance
  const isPlain = weights.passing === 1 && weights.warning === 1
  return {
    id,
    node,
    datacenter,
    address,
    port,
    tags: tags.length === 0 ? undefined : canonicalTags(tags),
    weights: isPlain ? undefined : { passing: weights.passing, warning: weights.warning },
    checks:
      checks.length === 0
        ? undefined
        : canonicalChecks(checks).map(({ id: checkId, name, status }) => ({
            id: checkId,
            name: name === checkId ? undefined : name,
            status,
          })),
  }
}

/** `path` is for messages only. */
export function decodeCatalog(text: string, path: string): Result<Catalog> {
  const file = printable(path)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    const { line, column, wanted } = findJsonTrouble(text)
    const message = `${file}:${line}:${column}: this is not JSON: here belongs ${wanted}`
    return fail(unreadable(message, 'mend the file, or record it again with `legate snapshot`'))
  }
  const { entries, problems } = readDocument(json)
  const [first, ...others] = problems
  if (first === undefined) return ok(new Map(entries.map((e) => [queryKey(e.query), e])))
  const failure = unreadable(
    `${file}: ${first}`,
    'mend the file, or record it again with `legate snapshot`',
  )
  const shown = others.slice(0, MOST_PROBLEMS)
  return fail(shown.length === 0 ? failure : { ...failure, detail: shown })
}

const MOST_PROBLEMS = 20

/** Answers from a file that is read anew each time; a query that the file lacks is a failed answer. */
export function fileSource(path: string): CatalogSource {
  const file = printable(path)
  return {
    name: `file ${file}`,
    read: async (queries) => {
      const recorded = await readCatalog(path)
      const entries = queries.map((query): [string, CatalogEntry] => {
        const key = queryKey(query)
        const found = recorded.ok ? recorded.value.get(key)?.answer : undefined
        const failure = recorded.ok ? missing(file, query) : recorded.failure
        return [key, { query, answer: found ?? { state: 'failed', failure } }]
      })
      return new Map(entries.toSorted(([a], [b]) => compare(a, b)))
    },
    close: async () => {},
  }
}

async function readCatalog(path: string): Promise<Result<Catalog>> {
  try {
    return decodeCatalog(await readFile(path, 'utf8'), path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    const message = `the catalog file ${printable(path)} cannot be read${code}`
    return fail(unreadable(message, 'record one with `legate snapshot`'))
  }
}

function missing(file: string, query: CatalogEntry['query']): Failure {
  return {
    reason: 'catalog-missing',
    message: `${file} has no answer for ${describeQuery(query)}`,
    hint: 'record one with `legate snapshot`',
    transient: false,
  }
}

function unreadable(message: string, hint: string): Failure {
  return { reason: 'files-unreadable', message, hint, transient: false }
}
