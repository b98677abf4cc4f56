/** The outcome of the last pass that compiled → what the page shows of it, when somebody looks. */
import { readUrl } from '../compile/asked-url.ts'
import { explainRoute } from '../compile/explain-route.ts'
import { refName } from '../compile/names.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { PageView, RouteRow, Some } from '../report/page-view.ts'
import { viewBackend } from './backend-view.ts'

/** The parts of the page's view that come from a pass; `seen` gives the newest that came so far. */
export function pageFacts(
  seen: () => Outcome | undefined,
): Pick<PageView, 'routes' | 'backend' | 'explain'> {
  return {
    routes(words, most) {
      const manifests = seen()?.manifests
      return manifests === undefined ? { shown: [], all: 0 } : someRoutes(manifests, words, most)
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

function someRoutes(manifests: Manifests, words: string, most: number): Some<RouteRow> {
  const wanted = words.trim().toLowerCase()
  const shown: RouteRow[] = []
  let all = 0
  for (const row of rowsOf(manifests)) {
    if (wanted !== '' && !`${row.host}${row.path} ${row.target}`.toLowerCase().includes(wanted))
      continue
    all += 1
    if (shown.length < most) shown.push(row)
  }
  return { shown, all }
}

function* rowsOf({ HostRoute }: Manifests): Generator<RouteRow> {
  for (const route of HostRoute)
    for (const [index, rule] of route.spec.rules.entries()) yield* rowsOfRule(route, rule, index)
}

function* rowsOfRule(route: Resource<'HostRoute'>, rule: Rule, index: number): Generator<RouteRow> {
  const about = aboutRule(route, rule, index)
  for (const host of route.spec.hostnames ?? ['*'])
    for (const { path } of rule.matches) yield { ...about, host, path: path.value, type: path.type }
}

type Rule = Resource<'HostRoute'>['spec']['rules'][number]

function aboutRule(
  route: Resource<'HostRoute'>,
  rule: Rule,
  index: number,
): Omit<RouteRow, 'host' | 'path' | 'type'> {
  const { file, line } = route.places.value(`/spec/rules/${index}`)
  const [only, ...more] = rule.backendRefs
  return {
    frontends: route.spec.parentRefs.map((ref) => refName(ref, route)),
    target: targetOf(rule, route),
    ...(only !== undefined && more.length === 0 && { backend: refName(only, route) }),
    route: route.id,
    file,
    line,
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
