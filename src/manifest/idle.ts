/** What is allowed and does nothing, or nothing good: warnings. */
import type { Diagnostic } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import type { Kind, Resource } from '../model/resource.ts'
import type { Linked } from './linked.ts'
import { calledAs, idOf, ofKind } from './linked.ts'
import { below } from './pointer.ts'
import { linksFrom } from './references.ts'

const USED_BY_OTHERS: ReadonlySet<Kind> = new Set([
  'Backend',
  'Certificate',
  'Userlist',
  'Defaults',
])

export function unused(all: Linked): Diagnostic[] {
  const used = new Set(
    all.resources
      .flatMap((resource) => linksFrom(resource))
      .filter(({ from, kind, namespace, name }) => from.id !== idOf(kind, namespace, name))
      .map(({ kind, namespace, name }) => idOf(kind, namespace, name)),
  )
  return all.resources
    .filter(({ kind, id }) => USED_BY_OTHERS.has(kind) && !used.has(id))
    .filter(({ kind, name }) => !(kind === 'Defaults' && name === 'default'))
    .map((resource) => ({
      code: 'LG4001',
      severity: 'warning',
      message: `nothing refers to ${calledAs(resource)}`,
      hint: 'remove it, or refer to it',
      pointer: '/metadata/name',
      at: resource.places.value('/metadata/name'),
    }))
}

export function uncoveredHostnames(all: Linked): Diagnostic[] {
  const covers = coversByFrontend(all)
  return ofKind(all, 'HostRoute').flatMap((route) =>
    route.spec.parentRefs.flatMap((ref) => {
      const cover = covers.get(idOf('Frontend', ref.namespace ?? route.namespace, ref.name))
      return cover === undefined ? [] : uncovered(route, cover)
    }),
  )
}

interface Cover {
  readonly frontend: Resource
  readonly hostnames: ReadonlySet<string>
}

/** Of frontends with TLS whose certificates all say what they are for. */
function coversByFrontend(all: Linked): Map<string, Cover> {
  const certificates = new Map(ofKind(all, 'Certificate').map((c) => [c.id, c.spec.hostnames]))
  const covers = ofKind(all, 'Frontend').flatMap((frontend) => {
    const lists = linksFrom(frontend)
      .filter(({ kind }) => kind === 'Certificate')
      .map(({ namespace, name }) => certificates.get(idOf('Certificate', namespace, name)) ?? [])
    const allSay = lists.length > 0 && lists.every((list) => list.length > 0)
    return allSay ? [{ frontend, hostnames: new Set(lists.flat()) }] : []
  })
  return new Map(covers.map((cover) => [cover.frontend.id, cover]))
}

function uncovered(route: Resource<'HostRoute'>, { frontend, hostnames }: Cover): Diagnostic[] {
  return (route.spec.hostnames ?? []).flatMap((hostname, i) => {
    const oneLabelUp = `*${hostname.slice(hostname.indexOf('.'))}`
    if (hostnames.has(hostname) || hostnames.has(oneLabelUp)) return []
    const pointer = below('/spec/hostnames', i)
    return [
      {
        code: 'LG4002',
        severity: 'warning',
        message: `no certificate of ${calledAs(frontend)} covers ${printable(hostname)}`,
        hint: 'refer to a certificate for it in the listener, or correct `hostnames` of one',
        pointer,
        at: route.places.value(pointer),
      },
    ]
  })
}

export function zeroWeights(all: Linked): Diagnostic[] {
  return ofKind(all, 'HostRoute').flatMap((route) =>
    route.spec.rules.flatMap(({ backendRefs }, i) => {
      if (backendRefs.length === 0 || backendRefs.some(({ weight }) => weight > 0)) return []
      const pointer = below('/spec/rules', i, 'backendRefs')
      return [
        {
          code: 'LG4003',
          severity: 'warning',
          message: 'the weights of all backends are 0, so every request is answered 503',
          hint: 'give one of them a weight',
          pointer,
          at: route.places.key(pointer),
        },
      ]
    }),
  )
}
