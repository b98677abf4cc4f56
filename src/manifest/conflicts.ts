/** Resources that cannot be there together. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Kind, Resource } from '../model/resource.ts'
import type { Linked } from './linked.ts'
import { calledAs, idOf, ofKind } from './linked.ts'

/** The first and second of one kind, namespace and name; the first is the one that is checked further. */
export function sameName(first: Resource, again: Resource): Diagnostic {
  return {
    code: 'LG3001',
    severity: 'error',
    message: `${calledAs(again)} is defined twice`,
    hint: 'rename or remove one of them',
    pointer: '/metadata/name',
    at: again.places.value('/metadata/name'),
    related: [{ message: 'first defined here', at: first.places.value('/metadata/name') }],
  }
}

export function secondGlobals(all: Linked): Diagnostic[] {
  const [first, ...others] = ofKind(all, 'Global')
  if (first === undefined) return []
  return others.map((other) => ({
    code: 'LG3006',
    severity: 'error',
    message: `${calledAs(other)} is the second Global; only one is allowed`,
    hint: 'merge them into one',
    pointer: '/kind',
    at: other.places.value('/kind'),
    related: [{ message: `the first is ${calledAs(first)}`, at: first.places.value('/kind') }],
  }))
}

interface Bound {
  readonly frontend: Resource
  readonly pointer: string
  readonly address: string
}

export function samePorts(all: Linked): Diagnostic[] {
  const byPort = new Map<number, Bound[]>()
  return ofKind(all, 'Frontend').flatMap((frontend) =>
    frontend.spec.listeners.flatMap(({ address, port }, i) => {
      const bound = { frontend, pointer: `/spec/listeners/${i}/port`, address }
      const taken = byPort.get(port) ?? []
      const before = taken.find((other) => overlap(other.address, address))
      if (before !== undefined) return [samePort(before, bound, port)]
      taken.push(bound)
      byPort.set(port, taken)
      return []
    }),
  )
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['*', '0.0.0.0', '::'])

function overlap(a: string, b: string): boolean {
  return a === b || EVERY_ADDRESS.has(a) || EVERY_ADDRESS.has(b)
}

function samePort(before: Bound, bound: Bound, port: number): Diagnostic {
  return {
    code: 'LG3004',
    severity: 'error',
    message: `port ${port} of ${bound.address} is already taken by a listener of ${calledAs(before.frontend)}`,
    hint: 'choose another port or address',
    pointer: bound.pointer,
    at: bound.frontend.places.value(bound.pointer),
    related: [
      {
        message: `taken here, on ${before.address}`,
        at: before.frontend.places.value(before.pointer),
      },
    ],
  }
}

const FALLBACK = '/spec/onEmpty/fallbackRef/name'

/** Each circle is told once, at its first member by name. */
export function fallbackCircles(all: Linked): Diagnostic[] {
  const backends = ofKind(all, 'Backend')
  const byId = new Map(backends.map((backend) => [backend.id, backend]))
  const done = new Set<string>()
  return backends.flatMap((backend) => {
    const path: Resource<'Backend'>[] = []
    let at: Resource<'Backend'> | undefined = backend
    while (at !== undefined && !done.has(at.id)) {
      done.add(at.id)
      path.push(at)
      at = byId.get(fallbackOf(at) ?? '')
    }
    const start = at === undefined ? -1 : path.indexOf(at)
    return start < 0 ? [] : [circle(path.slice(start))]
  })
}

function fallbackOf({ spec, namespace }: Resource<'Backend'>): string | undefined {
  const { policy, fallbackRef } = spec.onEmpty
  if (policy !== 'Fallback' || fallbackRef === undefined) return undefined
  return idOf('Backend' satisfies Kind, fallbackRef.namespace ?? namespace, fallbackRef.name)
}

function circle(members: readonly Resource[]): Diagnostic {
  const [first, ...others] = members
  if (first === undefined) throw new Error('a circle has members')
  return {
    code: 'LG2006',
    severity: 'error',
    message: `fallbacks go in a circle: ${[...members, first].map(({ name }) => name).join(' → ')}`,
    hint: 'let one of them answer 503: policy ServiceUnavailable',
    pointer: FALLBACK,
    at: first.places.value(FALLBACK),
    related: others.map((other) => ({
      message: `${calledAs(other)} is part of it`,
      at: other.places.value(FALLBACK),
    })),
  }
}
