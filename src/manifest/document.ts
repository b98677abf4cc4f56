/** One YAML document → a resource, and what is wrong with it by itself. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Kind, Places, Resource, SpecOf } from '../model/resource.ts'
import type { Limits } from './bounds.ts'
import { oversized } from './bounds.ts'
import type { Breach } from './breach.ts'
import { breaches } from './conditions.ts'
import { isMapping, readEnvelope } from './envelope.ts'
import { explain } from './explain.ts'
import { parentsOf } from './pointer.ts'
import type { Problem } from './problem.ts'
import { located, onePerPlace } from './problem.ts'
import type { SchemaError, Schemas } from './schema.ts'
import { checkSchema } from './schema.ts'
import type { YamlDocument } from './yaml.ts'

/** What a document calls itself, however wrong the rest of it is. */
export interface Claim {
  /** Undefined when it is none that Legate knows. */
  readonly kind: Kind | undefined
  readonly namespace: string
  readonly name: string
}

export interface CheckedDocument {
  /** There unless shape or name are broken; its references can be followed even where values are wrong. */
  readonly resource?: Resource
  readonly valid: boolean
  readonly claim?: Claim
  readonly diagnostics: readonly Diagnostic[]
}

/** Only a document that somebody made up has more errors; all of them count, not all are put in words. */
const MOST_EXPLAINED = 1000

export function checkDocument(
  { value, places }: YamlDocument,
  schemas: Schemas,
  limits: Limits,
): CheckedDocument {
  const { kind, problems } = readEnvelope(value)
  const tooLarge = oversized(value, limits)
  if (!isMapping(value) || kind === undefined || tooLarge.length > 0)
    return unusable([...tooLarge, ...problems], places, claimOf(value, kind))
  const errors = checkSchema(value, kind, schemas)
  const all = [
    ...problems,
    ...explain(errors.slice(0, MOST_EXPLAINED)),
    ...ownBreaches(kind, value, errors),
  ]
  const claim = claimOf(value, kind)
  const diagnostics = onePerPlace(all.map((problem) => located(problem, places)))
  const valid = diagnostics.length === 0
  if (claim === undefined || !hasShape(value, kind, errors) || hasBrokenName(errors))
    return { valid, diagnostics, ...(claim === undefined ? {} : { claim }) }
  const { namespace, name } = claim
  const id = `${kind}/${namespace}/${name}`
  const resource: Resource = { kind, namespace, name, id, spec: value.spec, places }
  return { resource, valid, claim, diagnostics }
}

function unusable(
  problems: readonly Problem[],
  places: Places,
  claim: Claim | undefined,
): CheckedDocument {
  const diagnostics = onePerPlace(problems.map((problem) => located(problem, places)))
  return { valid: false, diagnostics, ...(claim === undefined ? {} : { claim }) }
}

/** Contradictions between fields, unless one of these fields is wrong by itself. */
function ownBreaches(
  kind: Kind,
  value: Readonly<Record<string, unknown>>,
  errors: readonly SchemaError[],
): Breach[] {
  if (!hasShape(value, kind, errors)) return []
  const wrongInside = new Set(errors.flatMap(({ pointer }) => parentsOf(pointer)))
  return breaches(kind, value.spec).filter(({ about }) => !wrongInside.has(about))
}

/** True when code that knows the type of the spec cannot stumble over it, though values may be wrong. */
function hasShape<K extends Kind>(
  _value: Readonly<Record<string, unknown>>,
  _kind: K,
  errors: readonly SchemaError[],
): _value is Readonly<Record<string, unknown>> & { readonly spec: SpecOf[K] } {
  return !errors.some(
    ({ keyword, pointer, params }) =>
      (keyword === 'type' && pointer.startsWith('/spec')) ||
      (keyword === 'required' &&
        (pointer.startsWith('/spec') || params['missingProperty'] === 'spec')),
  )
}

function hasBrokenName(errors: readonly SchemaError[]): boolean {
  return errors.some(({ pointer }) => /^\/metadata\/(name|namespace)$/.test(pointer))
}

function claimOf(value: unknown, kind: Kind | undefined): Claim | undefined {
  const metadata = isMapping(value) ? value['metadata'] : undefined
  if (!isMapping(metadata)) return undefined
  const { name, namespace = 'default' } = metadata
  if (typeof name !== 'string' || typeof namespace !== 'string') return undefined
  return { kind, namespace, name }
}
