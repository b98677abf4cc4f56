/** All resources of a revision, found by what they are called: what checks between resources look at. */
import { printable } from '../model/failure.ts'
import type { Kind, Resource } from '../model/resource.ts'
import type { Claim } from './document.ts'

export interface Linked {
  /** Sorted; one for each kind, namespace and name. Values of some may be wrong, their shape is not. */
  readonly resources: readonly Resource[]
  /** What documents call themselves that are too broken to be among the resources. */
  readonly claims: readonly Claim[]
  /** Text that could not be read. */
  readonly unread: readonly string[]
  /** False when something was wrong before: what is missing then may just not have been read. */
  readonly complete: boolean
}

export function ofKind<K extends Kind>(all: Linked, kind: K): Resource<K>[] {
  return all.resources.filter((resource): resource is Resource<K> => resource.kind === kind)
}

export function idOf(kind: Kind, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`
}

/** As people say it in a message: `Backend "api"`, with the namespace unless it is the default one. */
export function called(kind: Kind, namespace: string, name: string): string {
  return namespace === 'default'
    ? `${kind} "${printable(name, 63)}"`
    : `${kind} "${printable(name, 63)}" in namespace "${printable(namespace, 63)}"`
}

export function calledAs({ kind, namespace, name }: Resource): string {
  return called(kind, namespace, name)
}
