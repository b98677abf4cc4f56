/** Which resources a resource refers to, and at which fields. */
import type { Reference } from '../model/manifest.gen.ts'
import type { Kind, Resource, SpecOf } from '../model/resource.ts'
import { below } from './pointer.ts'

export interface Link {
  readonly from: Resource
  /** The kind that is needed there. */
  readonly kind: Kind
  readonly namespace: string
  readonly name: string
  /** Of the reference, not of the name in it. */
  readonly pointer: string
}

interface Found {
  readonly kind: Kind
  readonly ref: Reference | undefined
  readonly pointer: string
}

const REFERENCES: { readonly [K in Kind]: (spec: SpecOf[K]) => readonly Found[] } = {
  Global: () => [],
  Defaults: () => [],
  Frontend: inFrontend,
  HostRoute: inHostRoute,
  Backend: inBackend,
  Certificate: () => [],
  Userlist: () => [],
}

export function linksFrom<K extends Kind>(resource: Resource<K>): Link[] {
  return REFERENCES[resource.kind](resource.spec).flatMap(({ kind, ref, pointer }) => {
    if (ref === undefined) return []
    const { name, namespace = resource.namespace } = ref
    return [{ from: resource, kind, namespace, name, pointer }]
  })
}

function inFrontend(spec: SpecOf['Frontend']): Found[] {
  const certificates = spec.listeners.flatMap(({ tls }, i) =>
    refs(
      'Certificate',
      below('/spec/listeners', i, 'tls', 'certificateRefs'),
      tls?.certificateRefs,
    ),
  )
  return [
    { kind: 'Defaults', ref: spec.defaultsRef, pointer: '/spec/defaultsRef' },
    { kind: 'Backend', ref: spec.defaultBackendRef, pointer: '/spec/defaultBackendRef' },
    { kind: 'Userlist', ref: spec.stats?.userlistRef, pointer: '/spec/stats/userlistRef' },
    ...certificates,
  ]
}

function inHostRoute(spec: SpecOf['HostRoute']): Found[] {
  const backends = spec.rules.flatMap(({ backendRefs }, i) =>
    refs('Backend', below('/spec/rules', i, 'backendRefs'), backendRefs),
  )
  return [...refs('Frontend', '/spec/parentRefs', spec.parentRefs), ...backends]
}

function inBackend(spec: SpecOf['Backend']): Found[] {
  return [
    { kind: 'Defaults', ref: spec.defaultsRef, pointer: '/spec/defaultsRef' },
    { kind: 'Backend', ref: spec.onEmpty.fallbackRef, pointer: '/spec/onEmpty/fallbackRef' },
  ]
}

function refs(kind: Kind, list: string, items: readonly Reference[] | undefined): Found[] {
  return (items ?? []).map((ref, i) => ({ kind, ref, pointer: below(list, i) }))
}
