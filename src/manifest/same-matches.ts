/** Rules that ask for exactly the same requests: neither could be told to win. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Match } from '../model/manifest.gen.ts'
import type { Resource } from '../model/resource.ts'
import type { Linked } from './linked.ts'
import { calledAs, idOf, ofKind } from './linked.ts'
import { below } from './pointer.ts'

type Route = Resource<'HostRoute'>

interface Wish {
  readonly route: Route
  readonly rule: number
  readonly match: number
}

/** A frontend and host name, with the routes that are for it. */
interface Site {
  readonly host: string
  readonly routes: Route[]
}

/**
 * Sites with the same routes have the same conflicts, so each set of routes is compared once: a route with
 * many host names and many paths costs their sum, not their product.
 */
export function sameMatches(all: Linked): Diagnostic[] {
  const sets = new Map<string, Site[]>()
  for (const site of sitesOf(ofKind(all, 'HostRoute'))) {
    const key = site.routes.map(({ id }) => id).join(' ')
    const same = sets.get(key)
    if (same === undefined) sets.set(key, [site])
    else same.push(site)
  }
  return [...sets.values()].flatMap(conflictsIn)
}

function sitesOf(routes: readonly Route[]): Iterable<Site> {
  const sites = new Map<string, Site>()
  const add = (frontend: string, host: string, route: Route): void => {
    const key = `${frontend} ${host}`
    const site = sites.get(key)
    if (site === undefined) sites.set(key, { host, routes: [route] })
    else site.routes.push(route)
  }
  for (const route of routes)
    for (const frontend of frontendsOf(route))
      for (const host of new Set(route.spec.hostnames ?? ['*'])) add(frontend, host, route)
  return sites.values()
}

function frontendsOf({ spec, namespace }: Route): Set<string> {
  return new Set(
    spec.parentRefs.map((ref) => idOf('Frontend', ref.namespace ?? namespace, ref.name)),
  )
}

function conflictsIn(sites: readonly Site[]): Diagnostic[] {
  const first = new Map<string, Wish>()
  const hosts = [...new Set(sites.map(({ host }) => host))]
  return (sites[0]?.routes ?? []).flatMap(wishesOf).flatMap((wish) => {
    const key = keyOf(matchOf(wish))
    const before = first.get(key)
    if (before === undefined) {
      first.set(key, wish)
      return []
    }
    // Twice in one rule is idle, but no conflict.
    return before.route === wish.route && before.rule === wish.rule
      ? []
      : [conflict(before, wish, hosts)]
  })
}

function wishesOf(route: Route): Wish[] {
  return route.spec.rules.flatMap(({ matches }, rule) =>
    matches.map((_, match) => ({ route, rule, match })),
  )
}

function matchOf({ route, rule, match }: Wish): Match['path'] | undefined {
  return route.spec.rules[rule]?.matches[match]?.path
}

/** Prefixes are compared by segments: a slash at the end changes nothing. */
function keyOf(path: Match['path'] | undefined): string {
  if (path === undefined) return ''
  const { type, value } = path
  return `${type} ${type === 'PathPrefix' && !value.endsWith('/') ? `${value}/` : value}`
}

function conflict(before: Wish, wish: Wish, hosts: readonly string[]): Diagnostic {
  const path = matchOf(wish)
  const [host = '*', ...more] = hosts
  const where = host === '*' ? 'every other host name' : host
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  return {
    code: 'LG3002',
    severity: 'error',
    message: `two rules match ${path?.type ?? ''} ${path?.value ?? ''} of ${where}${others}`,
    hint: 'remove one of them, or merge them and give their backends weights',
    pointer: pointerOf(wish),
    at: wish.route.places.value(pointerOf(wish)),
    related: [
      {
        message: `the other one, in ${calledAs(before.route)}`,
        at: before.route.places.value(pointerOf(before)),
      },
    ],
  }
}

function pointerOf({ rule, match }: Wish): string {
  return below('/spec/rules', rule, 'matches', match, 'path', 'value')
}
