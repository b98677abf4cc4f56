/** HostRoutes of one frontend to the rows of its five maps, by Gateway API's precedence. */
import { compare } from '../model/diagnostic.ts'
import type { Resource } from '../model/resource.ts'
import type { MapRow, RouteMaps } from '../model/topology.ts'
import type { WeightedTarget } from './splits.ts'
import { targetRows } from './splits.ts'

/** The site of routes without hostnames. */
const EVERY_HOST = '*'

/** One match of one rule on one site. */
interface Entry {
  readonly exact: boolean
  readonly path: string
  readonly rule: string
}

export interface RoutedRule {
  /** `namespace/route/index` or `namespace/route/name`. */
  readonly id: string
  readonly route: Resource<'HostRoute'>
  readonly index: number
}

/** HAProxy backend names and weights that a rule sends to; empty for a redirect. */
export type TargetsOf = (rule: RoutedRule) => readonly WeightedTarget[]

/** Names of rules are unique in their route; one of digits only could be taken for an index, and is not used. */
export function routedRules(routes: readonly Resource<'HostRoute'>[]): RoutedRule[] {
  return routes.flatMap((route) =>
    route.spec.rules.map((rule, index) => {
      const name = rule.name === undefined || /^\d+$/.test(rule.name) ? String(index) : rule.name
      return { id: `${route.namespace}/${route.name}/${name}`, route, index }
    }),
  )
}

export function routeMaps(rules: readonly RoutedRule[], targetsOf: TargetsOf): RouteMaps {
  const own = ownEntries(rules)
  const sites = [...own.keys()].toSorted(compare)
  const exact: MapRow[] = []
  const prefix: MapRow[] = []
  for (const site of sites)
    for (const entry of withInherited(site, own)) {
      if (entry.exact) exact.push([`${site}${entry.path}`, entry.rule])
      else prefix.push([`${site}${slashed(entry.path)}`, entry.rule])
    }
  return {
    hosts: sites.filter((s) => !s.startsWith('*')).map((s) => [s, s]),
    wildcards: sites
      .filter((s) => s.startsWith('*.'))
      .toSorted((a, b) => b.length - a.length || compare(a, b))
      .map((s) => [s.slice(1), s]),
    exact: exact.toSorted(byKey),
    prefix: prefix.toSorted(byKey),
    targets: rules.flatMap((rule) => targetRows(rule.id, targetsOf(rule))).toSorted(byKey),
  }
}

export function hasCatchAll(rules: readonly RoutedRule[]): boolean {
  return rules.some((rule) => hostnamesOf(rule.route).includes(EVERY_HOST))
}

function hostnamesOf(route: Resource<'HostRoute'>): readonly string[] {
  return route.spec.hostnames ?? [EVERY_HOST]
}

function ownEntries(rules: readonly RoutedRule[]): Map<string, Entry[]> {
  const own = new Map<string, Entry[]>()
  for (const rule of rules)
    for (const site of hostnamesOf(rule.route)) {
      const entries = own.get(site) ?? []
      own.set(site, entries)
      for (const { path } of rule.route.spec.rules[rule.index]?.matches ?? [])
        entries.push({ exact: path.type === 'Exact', path: path.value, rule: rule.id })
    }
  return own
}

/**
 * The site's own entries, then those of every wildcard that covers it, longest first, where nothing more
 * specific answers already: hostname goes before path, and what a site does not say its wildcard says.
 */
function withInherited(site: string, own: ReadonlyMap<string, readonly Entry[]>): Entry[] {
  const all = [...(own.get(site) ?? [])]
  for (const parent of parentsOf(site)) {
    const above = [...all]
    for (const entry of own.get(parent) ?? [])
      if (!above.some((e) => answersAll(e, entry))) all.push(entry)
  }
  return all
}

/** `a.b.io` → `*.b.io`, `*.io`, `*`; longest first. */
function parentsOf(site: string): string[] {
  if (site === EVERY_HOST) return []
  const labels = (site.startsWith('*.') ? site.slice(2) : site).split('.')
  return [...labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`), EVERY_HOST]
}

/** Whether every request that `lower` matches is answered by `upper` already. */
function answersAll(upper: Entry, lower: Entry): boolean {
  if (upper.exact) return lower.exact && upper.path === lower.path
  return slashed(lower.path).startsWith(slashed(upper.path))
}

/** Prefixes match whole segments: the keys end in `/`, and so does the path that is looked up. */
function slashed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

function byKey(a: MapRow, b: MapRow): number {
  return compare(a[0], b[0])
}
