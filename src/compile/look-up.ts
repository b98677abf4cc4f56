/** The maps of a frontend, looked up as the lines of its section do (docs/routing.md): host → sites → rules → backends. */
import type { RouteMaps } from '../model/topology.ts'

/** A row of the exact or the prefix map that a request matches. */
export interface RuleRow {
  readonly rule: string
  readonly site: string
  readonly exact: boolean
  readonly path: string
}

/** The site whose routes are asked, then those it beats: the host itself, wildcards that cover it, all hosts. */
export function findSites(host: string, routes: RouteMaps, catchAll: boolean): string[] {
  const named = routes.hosts.filter(([key]) => key === host)
  const covering = routes.wildcards.filter(([suffix]) => host.endsWith(suffix))
  const sites = [...named, ...covering].map(([, site]) => site)
  return catchAll ? [...sites, '*'] : sites
}

/** What matches on one site, the winner first: an exact path, then prefixes of whole segments, the longest first. */
export function findRows(site: string, path: string, { exact, prefix }: RouteMaps): RuleRow[] {
  const [key, stem] = [`${site}${path}`, `${site}${path}/`]
  return [
    ...exact.filter(([row]) => row === key).map(([, rule]) => ({ rule, site, exact: true, path })),
    ...prefix
      .filter(([row]) => stem.startsWith(row))
      .toSorted((a, b) => b[0].length - a[0].length)
      .map(([row, rule]) => ({
        rule,
        site,
        exact: false,
        path: unslashed(row.slice(site.length)),
      })),
  ]
}

function unslashed(path: string): string {
  return path === '/' ? path : path.replace(/\/$/, '')
}

export interface Target {
  readonly backend: string
  /** Of the numbers from 1000 to 1999 that one is drawn from for each request. */
  readonly share: number
}

/** Where a rule sends to, by name; nowhere for a redirect, and where all weights are 0. */
export function findTargets(rule: string, { targets }: RouteMaps): Target[] {
  const stem = `${rule}/`
  const thousandths = new Map<string, number>()
  for (const [key, backend] of targets) {
    if (!key.startsWith(stem)) continue
    const count = 10 ** Math.min(3, 4 - (key.length - stem.length))
    thousandths.set(backend, (thousandths.get(backend) ?? 0) + count)
  }
  return [...thousandths].map(([backend, count]) => ({ backend, share: count / 1000 }))
}
