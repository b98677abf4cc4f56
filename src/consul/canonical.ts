/** The one form of instances: any order of tags, checks and instances goes in, the same bytes later come out. */
import type { Answer, Check, Instance } from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'

export type Answered = Extract<Answer, { readonly state: 'answered' }>

/** Sorted by datacenter, node and id; what is left to tell two apart are address and port. */
export function inOrderOfIdentity(instances: readonly Instance[]): Instance[] {
  return instances.toSorted(
    (a, b) =>
      compare(a.datacenter, b.datacenter) ||
      compare(a.node, b.node) ||
      compare(a.id, b.id) ||
      compare(a.address, b.address) ||
      a.port - b.port,
  )
}

export function canonicalTags(tags: readonly string[]): string[] {
  return [...new Set(tags)].toSorted(compare)
}

export function canonicalChecks(checks: readonly Check[]): Check[] {
  return checks.toSorted(
    (a, b) => compare(a.id, b.id) || compare(a.name, b.name) || compare(a.status, b.status),
  )
}

/**
 * The answer with every instance that was known before as the object it was then; where nothing at all
 * has changed, the known answer itself. Both must be in canonical form.
 */
export function keepIdentity(known: Answered | undefined, fresh: Answered): Answered {
  if (known === undefined || known === fresh) return fresh
  const instances = withKnown(known.instances, fresh.instances)
  const isSame =
    instances.length === known.instances.length &&
    instances.every((instance, i) => instance === known.instances[i]) &&
    JSON.stringify(known.unusable) === JSON.stringify(fresh.unusable)
  return isSame ? known : { ...fresh, instances }
}

/** `fresh`, each as the known object that says the same, if there is one; what is the same already is not looked into. */
export function withKnown<T extends object>(known: readonly T[], fresh: readonly T[]): T[] {
  const inKnown = new Set(known)
  // Mostly it stands where it stood, and putting it into words takes many times as long.
  const placed = fresh.map((one, place) => {
    if (inKnown.has(one)) return one
    return isEqual(known[place], one) ? known[place] : undefined
  })
  const used = new Set(placed)
  const gone = known.filter((one) => !used.has(one))
  const before = new Map(gone.map((one) => [JSON.stringify(one), one]))
  return fresh.map((one, place) => placed[place] ?? before.get(JSON.stringify(one)) ?? one)
}

/** Of what JSON can say. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isFull(a) || !isFull(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => isEqual(a[key], b[key]))
}

function isFull(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
