/** Routes, and the box that tells which of them a URL takes. */
import type {
  FrontendExplanation,
  RouteAnswer,
  RouteExplanation,
  TargetExplanation,
} from '../model/route-explanation.ts'
import { describeAnswer, percent } from './explain-route.ts'
import { backendLink } from './page-backends.ts'
import type { Html, HtmlPart } from './page-html.ts'
import { markup, table } from './page-html.ts'
import { layout } from './page-layout.ts'
import type { Asked } from './page-list.ts'
import { filterForm, MOST_ROWS, partLinks, rangeOf } from './page-list.ts'
import type { PageView, RouteRow, Some } from './page-view.ts'

const MOST = { servers: 20 } as const

export function askForm(url: string): Html {
  return markup`<form action="/route" method="get">
    <div>
      <label for="url">Which route does this URL take?</label>
      <input
        id="url"
        name="url"
        value="${url}"
        placeholder="https://www.example.com/path"
        inputmode="url"
        autocapitalize="none"
        autocomplete="off"
        spellcheck="false"
        maxlength="4096"
        required
      />
    </div>
    <button>Explain</button>
  </form>`
}

export function routeTable({ shown, all }: Some<RouteRow>, from = 0): Html {
  if (all === 0) return markup`<p>There is no route.</p>`
  return table({
    caption: `${rangeOf({ from, shown: shown.length, all })} routes. Of those that a URL matches, the upper one wins.`,
    columns: ['Host and path', 'Goes to', 'Frontends', 'Written in'],
    rows: shown.map(routeCells),
  })
}

function routeCells(row: RouteRow): HtmlPart[] {
  const { host, path, type, frontends, target, backend, route, file, line } = row
  return [
    markup`<span class="mono">${host}${path}</span>
      <span class="soft">${type === 'Exact' ? 'exactly' : 'and below'}</span>`,
    backend === undefined
      ? target
      : markup`<a href="/backends/${encodeURIComponent(backend)}">${target}</a>`,
    frontends.join(', '),
    markup`${route.replace(/^HostRoute\//, '')} <span class="soft mono">${file}:${line}</span>`,
  ]
}

export function routesPage(view: PageView, { words, from }: Asked): string {
  const rows = view.routes(words, MOST_ROWS, from)
  const part = { from, shown: rows.shown.length, all: rows.all }
  const body = markup`<section>
    <h1>Routes</h1>
    ${filterForm('/routes', 'Part of a host, path or backend', words)} ${routeTable(rows, from)}
    ${partLinks('/routes', words, part)}
  </section> `
  return layout({ title: 'Routes', status: view.status(), body })
}

export function routePage(view: PageView, url: string): string {
  const body = markup`<section>
      <h1>Which route?</h1>
      ${askForm(url)}
    </section>
    ${url.trim() === '' ? undefined : explanation(view.explain(url))}`
  return layout({ title: 'Which route?', status: view.status(), body })
}

function explanation(explained: RouteExplanation | string): HtmlPart {
  if (typeof explained === 'string')
    return markup`<section role="alert"><p>${explained}</p></section>`
  const { host, path, note, frontends } = explained
  return [
    markup`<section>
      <h2>Host <span class="mono">${host}</span>, path <span class="mono">${path}</span></h2>
      ${note === undefined ? undefined : markup`<p>${note}.</p>`}
      ${frontends.length === 0 ? markup`<p>No frontend takes this URL.</p>` : undefined}
    </section> `,
    ...frontends.map(frontendSection),
  ]
}

function frontendSection(frontend: FrontendExplanation, index: number): Html {
  const { resource, listeners, site, winner, lost, answer } = frontend
  const rows = [
    ...(winner === undefined ? [] : [{ ...winner, why: 'wins' }]),
    ...lost.map((rule) => ({ ...rule, why: `loses: ${rule.why}` })),
  ].map(({ route, rule, hostname, type, path, at, why }) => [
    markup`${route.replace(/^HostRoute\//, '')} rule ${rule.slice(rule.lastIndexOf('/') + 1)}`,
    markup`<span class="mono">${hostname}${path}</span>
      ${type === 'Exact' ? 'exactly' : 'and below'}`,
    why,
    at === undefined ? '' : markup`<span class="mono">${at.file}:${at.line}</span>`,
  ])
  const id = `frontend-${index}`
  return markup`<section aria-labelledby="${id}">
    <h2 id="${id}">${resource}</h2>
    <p>on ${listeners.join(', ')}${site === undefined ? '' : `; site ${site}`}</p>
    <h3>Answer</h3>
    ${answerPart(answer)}
    ${rows.length === 0 ? undefined : table({ caption: 'Rules that match, in the order of precedence.', columns: ['Rule', 'Matches', 'Why', 'Written in'], rows })}
  </section> `
}

function answerPart(answer: RouteAnswer): HtmlPart {
  if (answer.kind !== 'backends' && answer.kind !== 'default-backend')
    return markup`<p>${describeAnswer(answer)}</p>`
  const before = answer.kind === 'default-backend' ? 'no rule matches; the default backend: ' : ''
  return answer.targets.map((target) => targetPart(target, before))
}

function targetPart(
  { resource, backend, share, servers }: TargetExplanation,
  before: string,
): Html {
  const part = share === 1 ? '' : `, ${percent(share)} of the requests`
  const hidden = servers.length - MOST.servers
  const lines = servers
    .slice(0, MOST.servers)
    .map(
      (s) => markup`<li><span class="mono">${s.address}:${s.port}</span>, weight ${s.weight}</li>`,
    )
  return markup`<p>${before}${resource === undefined ? backend : backendLink(resource)}${part}</p>
    ${
      servers.length === 0
        ? markup`<p>It has no server: requests get 503.</p>`
        : markup`<ul class="list">
            ${lines}${hidden > 0 ? markup`<li>… and ${hidden} more</li>` : undefined}
          </ul>`
    } `
}
