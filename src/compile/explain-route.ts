/** A topology, its manifests and a URL → which rule wins on each frontend, which lost and why, and what is answered. */
import type { Manifests } from '../model/resource.ts'
import type {
  FrontendExplanation,
  RouteAnswer,
  RouteExplanation,
  RuleExplanation,
  TargetExplanation,
} from '../model/route-explanation.ts'
import type { Bind, FrontendSection, RouteMaps, Topology } from '../model/topology.ts'
import type { AskedUrl } from './asked-url.ts'
import type { RuleRow } from './look-up.ts'
import { findRows, findSites, findTargets } from './look-up.ts'
import type { RoutedRule } from './routes.ts'
import { routedRules } from './routes.ts'

/** More than these are of no use to anybody. */
const MOST_LOST = 50

export function explainRoute(
  url: AskedUrl,
  topology: Topology,
  manifests: Manifests,
): RouteExplanation {
  const { frontends, note } = frontendsFor(url, topology.frontends)
  const rules = rulesOf(manifests)
  return {
    host: url.host,
    path: url.path,
    ...(note !== undefined && { note }),
    frontends: frontends.map((frontend) => explainFrontend(url, { frontend, topology, rules })),
  }
}

/** Where a rule is written is looked up for those that match: that takes longer than all the rest. */
type Rules = ReadonlyMap<string, RoutedRule>

function rulesOf({ HostRoute }: Manifests): Rules {
  return new Map(routedRules(HostRoute).map((rule) => [rule.id, rule]))
}

/** Those with a listener of the URL's port and protocol; all routed ones where there is none. */
function frontendsFor(
  { port, tls }: AskedUrl,
  all: readonly FrontendSection[],
): { readonly frontends: readonly FrontendSection[]; readonly note?: string } {
  const fits = (frontend: FrontendSection): boolean =>
    frontend.binds.some((bind) => bind.port === port && (bind.tls !== undefined) === tls)
  const exact = all.filter(fits)
  if (exact.length > 0) return { frontends: exact }
  const kind = tls ? 'HTTPS' : 'HTTP'
  const same = all.filter(
    (f) => f.routes !== undefined && f.binds.some((b) => (b.tls !== undefined) === tls),
  )
  return same.length > 0
    ? { frontends: same, note: `no listener takes ${kind} on port ${port}; as if one did` }
    : { frontends: [], note: `no listener takes ${kind}` }
}

interface Place {
  readonly frontend: FrontendSection
  readonly topology: Topology
  readonly rules: Rules
}

function explainFrontend(url: AskedUrl, place: Place): FrontendExplanation {
  const { frontend } = place
  const { routes, stats, resource } = frontend
  const about = { resource, listeners: frontend.binds.map(nameBind) }
  if (stats !== undefined && url.path.startsWith(stats.uri))
    return { ...about, lost: [], answer: { kind: 'stats' } }
  if (routes === undefined) return { ...about, lost: [], answer: unrouted(place) }
  const [site, ...lesser] = findSites(url.host, routes, frontend.catchAll)
  if (site === undefined) return { ...about, lost: [], answer: unrouted(place) }
  // What a lesser site may answer is in the site's own rows: HAProxy asks one only.
  const own = findRows(site, url.path, routes)
  const rows = [...own, ...lesser.flatMap((s) => findRows(s, url.path, routes))]
  const [first, ...others] = oncePerRule(own.length === 0 ? [] : rows)
  if (first === undefined) return { ...about, site, lost: [], answer: unrouted(place) }
  return {
    ...about,
    site,
    winner: explainRow(first, place.rules),
    lost: others.slice(0, MOST_LOST).map((row) => ({
      ...explainRow(row, place.rules),
      why: whyLost(row, first),
    })),
    answer: answerOf(first.rule, routes, url, place),
  }
}

function nameBind({ address, port, tls }: Bind): string {
  const at = address.includes(':') ? `[${address}]` : address
  return `${at}:${port} (${tls === undefined ? 'HTTP' : 'HTTPS'})`
}

/** In the order of precedence: the first of a rule is where it would match best. */
function oncePerRule(rows: readonly RuleRow[]): RuleRow[] {
  const seen = new Set<string>()
  return rows.filter(({ rule }) => !seen.has(rule) && seen.add(rule))
}

function explainRow({ rule, site, exact, path }: RuleRow, rules: Rules): RuleExplanation {
  const known = rules.get(rule)
  return {
    rule,
    route: known?.route.id ?? rule,
    hostname: site,
    type: exact ? 'Exact' : 'PathPrefix',
    path,
    ...(known !== undefined && { at: known.route.places.value(`/spec/rules/${known.index}`) }),
  }
}

function whyLost(row: RuleRow, winner: RuleRow): string {
  if (row.site !== winner.site) return `its host ${row.site} is less specific than ${winner.site}`
  if (winner.exact) return 'an exact path goes before a prefix'
  return `its prefix is shorter than ${winner.path}`
}

function answerOf(rule: string, routes: RouteMaps, url: AskedUrl, place: Place): RouteAnswer {
  const redirect = place.frontend.redirects.find((r) => r.rule === rule)
  if (redirect !== undefined) {
    const { status, scheme = url.tls ? 'https' : 'http', hostname = url.host, port } = redirect
    const at = port === undefined ? '' : `:${port}`
    const location = `${scheme}://${hostname}${at}${redirect.path ?? url.path + url.query}`
    return { kind: 'redirect', status, location }
  }
  const targets = findTargets(rule, routes)
  return targets.length === 0
    ? { kind: 'status', status: 503, why: 'the rule sends nowhere: all its weights are 0' }
    : { kind: 'backends', targets: targets.map((t) => explainTarget(t, place.topology)) }
}

function unrouted({ frontend, topology }: Place): RouteAnswer {
  const { defaultBackend: backend, routes } = frontend
  if (backend !== undefined)
    return { kind: 'default-backend', targets: [explainTarget({ backend, share: 1 }, topology)] }
  return routes === undefined
    ? { kind: 'status', status: 503, why: 'the frontend has neither routes nor a default backend' }
    : { kind: 'status', status: 404, why: 'no rule matches, and there is no default backend' }
}

function explainTarget(
  { backend, share }: { readonly backend: string; readonly share: number },
  { backends }: Topology,
): TargetExplanation {
  const section = backends.find(({ name }) => name === backend)
  return section === undefined
    ? { backend, share, servers: [] }
    : { resource: section.resource, backend, share, servers: section.servers }
}
