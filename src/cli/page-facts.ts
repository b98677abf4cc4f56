/** The outcome of the last pass that compiled → what the page shows of it, when somebody looks. */
import { readUrl } from '../compile/asked-url.ts'
import { explainRoute } from '../compile/explain-route.ts'
import { refName } from '../compile/names.ts'
import { compare } from '../model/diagnostic.ts'
import type { Manifests, Places, Resource } from '../model/resource.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { PageView, RouteRow } from '../report/page-view.ts'
import { viewBackend } from './backend-view.ts'

/** The parts of the page's view that come from a pass; `seen` gives the newest that came so far. */
export function pageFacts(
  seen: () => Outcome | undefined,
): Pick<PageView, 'routes' | 'backend' | 'explain'> {
  return {
    routes(words, most, from = 0) {
      const manifests = seen()?.manifests
      if (manifests === undefined) return { shown: [], all: 0 }
      const found = holding(words, rowsInOrder(manifests))
      return { shown: found.slice(from, from + most).map(placed), all: found.length }
    },
    backend(name, most) {
      const outcome = seen()
      return outcome && viewBackend(outcome, name, most)
    },
    explain(text) {
      const url = readUrl(text)
      if (typeof url === 'string') return url
      const { compiled, manifests } = seen() ?? {}
      if (compiled === undefined || manifests === undefined)
        return 'the first pass has not ended yet'
      return explainRoute(url, compiled.topology, manifests)
    },
  }
}

/** Rows by the manifests they are of: who looks again does not wait for them. */
const sorted = new WeakMap<Manifests, readonly Row[]>()

function rowsInOrder(manifests: Manifests): readonly Row[] {
  const known = sorted.get(manifests)
  if (known !== undefined) return known
  const rows = [...rowsOf(manifests)].toSorted(inPrecedence)
  sorted.set(manifests, rows)
  return rows
}

/** What stands higher wins, where a URL matches both: hosts before wildcards, then the longer one, as with paths. */
function inPrecedence(a: Row, b: Row): number {
  return (
    Number(a.host.startsWith('*')) - Number(b.host.startsWith('*')) ||
    (a.host.startsWith('*') ? b.host.length - a.host.length : 0) ||
    compare(a.host, b.host) ||
    weight(b) - weight(a) ||
    compare(a.path, b.path) ||
    compare(a.type, b.type)
  )
}

/** A prefix means the same with and without a slash at its end. */
function weight({ path, type }: Row): number {
  return type === 'Exact' ? path.length : path.replace(/\/$/, '').length
}

function holding(words: string, rows: readonly Row[]): readonly Row[] {
  const wanted = words.trim().toLowerCase()
  if (wanted === '') return rows
  return rows.filter((row) => `${row.host}${row.path} ${row.target}`.toLowerCase().includes(wanted))
}

/** Where it is written is looked up for those that are shown: that takes longer than all the rest. */
interface Row extends Omit<RouteRow, 'file' | 'line'> {
  readonly places: Places
  readonly rule: number
}

function placed({ places, rule, ...row }: Row): RouteRow {
  const { file, line } = places.value(`/spec/rules/${rule}`)
  return { ...row, file, line }
}

function* rowsOf({ HostRoute }: Manifests): Generator<Row> {
  for (const route of HostRoute)
    for (const [index, rule] of route.spec.rules.entries()) yield* rowsOfRule(route, rule, index)
}

function* rowsOfRule(route: Resource<'HostRoute'>, rule: Rule, index: number): Generator<Row> {
  const about = aboutRule(route, rule, index)
  for (const host of route.spec.hostnames ?? ['*'])
    for (const { path } of rule.matches) yield { ...about, host, path: path.value, type: path.type }
}

type Rule = Resource<'HostRoute'>['spec']['rules'][number]

function aboutRule(
  route: Resource<'HostRoute'>,
  rule: Rule,
  index: number,
): Omit<Row, 'host' | 'path' | 'type'> {
  const [only, ...more] = rule.backendRefs
  return {
    frontends: route.spec.parentRefs.map((ref) => refName(ref, route)),
    target: targetOf(rule, route),
    ...(only !== undefined && more.length === 0 && { backend: refName(only, route) }),
    route: route.id,
    places: route.places,
    rule: index,
  }
}

function targetOf({ backendRefs, filters }: Rule, route: Resource<'HostRoute'>): string {
  const redirect = filters.find((f) => f.requestRedirect !== undefined)?.requestRedirect
  if (redirect !== undefined) return `redirect ${redirect.statusCode}`
  return backendRefs
    .map(
      (ref) => `${refName(ref, route)}${backendRefs.length > 1 ? ` (weight ${ref.weight})` : ''}`,
    )
    .join(', ')
}
