/** The one form of instances: any order of tags, checks and instances goes in, the same bytes later come out. */
import type { Check, Instance } from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'

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
