/** Resources and references to HAProxy's names and to absolute paths. */
import type { ByKind, Kind, Manifests, Resource } from '../model/resource.ts'

/** A reference as written: the namespace defaults to that of the resource that refers. */
export interface Ref {
  readonly name: string
  readonly namespace?: string
}

/**
 * HAProxy's section name: `name` in the namespace `default`, else `namespace.name`. Labels hold no dot,
 * so two resources never share a name.
 */
export function sectionName(of: { readonly namespace: string; readonly name: string }): string {
  return of.namespace === 'default' ? of.name : `${of.namespace}.${of.name}`
}

export function refName(ref: Ref, from: Resource): string {
  return sectionName({ name: ref.name, namespace: ref.namespace ?? from.namespace })
}

/** The referenced resource; that it exists was checked with the manifests, so a miss is a bug. */
export function resolveRef<K extends Kind>(
  manifests: Manifests,
  kind: K,
  ref: Ref,
  from: Resource,
): Resource<K> {
  const namespace = ref.namespace ?? from.namespace
  const byKind: ByKind = manifests
  const found = byKind[kind].find((r) => r.name === ref.name && r.namespace === namespace)
  if (found === undefined) throw new Error(`${from.id}: unchecked reference to ${kind}/${ref.name}`)
  return found
}

/** Absolute path of a file that a manifest names; relative ones are below the files root. */
export function filePath(filesRoot: string, path: string): string {
  return path.startsWith('/') ? path : `${filesRoot.replace(/\/+$/, '')}/${path}`
}
