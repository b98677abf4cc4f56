/** The first page: how it stands, what is wrong, where requests go, who answers, what was done. */
import { actionRows, pendingSection } from './page-actions.ts'
import { backendTable, troubledBackends } from './page-backends.ts'
import type { Html, HtmlPart, Tone } from './page-html.ts'
import { badge, markup, table, time } from './page-html.ts'
import { layout } from './page-layout.ts'
import { askForm, routeTable } from './page-routes.ts'
import type { PageView } from './page-view.ts'
import type { DriftStatus, Status } from './status.ts'
import { describeTrouble, isTroubled } from './status.ts'
import { took } from './took.ts'

/** What a page can hold for somebody who reads it; the rest has pages of its own. */
const MOST = { diagnostics: 50, routes: 25, backends: 50, events: 20 } as const

export function overviewPage(view: PageView, refresh: number | undefined): string {
  const status = view.status()
  const { title } = standing(status)
  const body = [
    banner(status, refresh),
    problems(status),
    pendingSection(status),
    onTheWay(status),
    troubledBackends(view, status),
    routeSection(view),
    backendSection(status),
    actionSection(status),
    eventSection(status),
  ]
  return layout({ title, status, body, ...(refresh !== undefined && { refresh }) })
}

interface Standing {
  readonly tone: Tone
  readonly title: string
  /** What that means, in a sentence. */
  readonly means: string
  readonly since: string
}

/** One word for everything: the worst there is. */
function standing(status: Status): Standing {
  const { sync, held, since } = status
  if (sync === 'InSync') return standingInSync(status)
  if (held !== undefined)
    return {
      tone: 'bad',
      title: sync === 'Failing' ? 'Rejected, and failing' : 'Rejected',
      means: 'The last good revision stays in force, with live servers from Consul.',
      since,
    }
  const [tone, title, means] = STANDINGS[sync]
  return { tone, title, means, since }
}

const STANDINGS: Readonly<
  Record<Exclude<Status['sync'], 'InSync'>, readonly [Tone, title: string, means: string]>
> = {
  Starting: ['none', 'Starting', 'The first pass has not ended yet.'],
  Failing: ['bad', 'Failing', 'HAProxy keeps what it has; it is tried again.'],
  Suspended: ['warn', 'Suspended', 'Somebody has told Legate to change nothing for now.'],
  Held: ['warn', 'Held', 'Something is not applied, or kept, until it is certain.'],
}

function standingInSync({ drift, backends, since }: Status): Standing {
  const troubled = backends.filter(isTroubled)
  const agrees = 'HAProxy has what the manifests and Consul say'
  if (drift.length > 0) {
    const means = 'Somebody changed something past Legate.'
    return { tone: 'warn', title: 'Drifted', means, since: earliest(drift, since) }
  }
  const trouble = describeTrouble({ backends })
  if (trouble === undefined) return { tone: 'good', title: 'In sync', means: `${agrees}.`, since }
  const means = `${agrees}; ${trouble}.`
  return { tone: 'warn', title: 'In sync, degraded', means, since: earliest(troubled, since) }
}

function earliest(all: readonly { readonly since: string }[], otherwise: string): string {
  return all.map(({ since }) => since).toSorted()[0] ?? otherwise
}

function banner(status: Status, refresh: number | undefined): Html {
  const { tone, title, means, since } = standing(status)
  // That there is a revision that is not used is told below.
  const said = `${status.held?.name} is held`
  const why = status.why.filter((line) => line !== said).map((line) => markup`<li>${line}</li>`)
  const toggle =
    refresh === undefined
      ? markup`<a href="/?refresh=10">Refresh every 10 s</a>`
      : markup`Refreshed every ${refresh} s. <a href="/">Stop</a>`
  return markup`<div class="banner ${tone}">
    <h1>${badge(tone, title)}</h1>
    <p>since ${time(since)}. ${means}</p>
    ${
      why.length === 0
        ? undefined
        : markup`<ul>
            ${why}
          </ul>`
    }
    <dl>
      ${facts(status).map(
        ([name, value]) =>
          markup`<dt>${name}</dt>
            <dd>${value}</dd> `,
      )}
    </dl>
    <p>${toggle}</p>
  </div> `
}

function facts(status: Status): (readonly [string, HtmlPart])[] {
  const { revision, held, lastPass, haproxy, consul } = status
  const rows: (readonly [string, HtmlPart])[] = []
  if (revision.applied !== undefined)
    rows.push(['In force', revisionText(`revision ${revision.applied.slice(0, 12)}`, revision.git)])
  if (held !== undefined) rows.push(['Not used', revisionText(held.name, held.git)])
  if (lastPass !== undefined)
    rows.push([
      'Last pass',
      markup`${lastPass.result}, ${took(lastPass.tookMs)}, ${time(lastPass.at)}`,
    ])
  if (haproxy !== undefined)
    rows.push([
      'HAProxy',
      `${haproxy.version}, worker ${haproxy.workerPid}, ${count(haproxy.reloads, 'reload')}, ${count(haproxy.oldWorkers, 'old worker')}`,
    ])
  const failing = consul.failing.length === 0 ? '' : `, ${consul.failing.length} not answered`
  rows.push(['Consul', `${consul.name}, ${count(consul.watches, 'question')} followed${failing}`])
  return rows
}

function revisionText(name: string, git: string | undefined): Html {
  return markup`<span class="mono">${name}${git === undefined ? '' : `, git ${git}`}</span>`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

const SEVERITIES: Readonly<Record<string, Tone>> = { error: 'bad', warning: 'warn' }

const POLICIES: Readonly<Record<DriftStatus['policy'], string>> = {
  Revert: 'it is put right',
  Report: 'it is only reported',
  Adopt: 'it is left as it is for a while',
}

function problems({ diagnostics, consul, drift }: Status): Html | undefined {
  const shown = diagnostics.slice(0, MOST.diagnostics)
  const rows = [
    ...shown.map(({ code, severity, message, hint, file, line }) => [
      markup`${badge(SEVERITIES[severity] ?? 'none', severity)} <span class="mono">${code}</span>`,
      file === undefined ? '' : markup`<span class="mono">${file}:${line}</span>`,
      hint === undefined ? message : markup`${message}<br /><span class="soft">${hint}</span>`,
    ]),
    ...consul.failing
      .slice(0, MOST.diagnostics)
      .map(({ service, message, failures, lastSuccessAt }) => [
        badge('bad', 'Consul'),
        `service ${service}`,
        markup`${message}; ${count(failures, 'failure')}, last answer
        ${lastSuccessAt === undefined ? 'never' : time(lastSuccessAt)}`,
      ]),
    ...drift
      .slice(0, MOST.diagnostics)
      .map(({ kind, object, message, policy, since }) => [
        badge('warn', `drift: ${kind}`),
        markup`<span class="mono">${object}</span>`,
        markup`${message}, since ${time(since)}; ${POLICIES[policy]}`,
      ]),
  ]
  if (rows.length === 0) return undefined
  const hidden = diagnostics.length - shown.length
  return markup`<section aria-labelledby="problems">
    <h2 id="problems">Problems</h2>
    ${table({ caption: 'Errors first, with the place to mend them.', columns: ['What', 'Where', 'Message'], rows })}
    ${hidden > 0 ? markup`<p class="soft">… and ${hidden} more: <code>legate status</code> shows all.</p>` : undefined}
    <p class="soft"><code>legate explain CODE</code> tells what a code means and what to do.</p>
  </section> `
}

function onTheWay({ waiting }: Status): Html | undefined {
  if (waiting.length === 0) return undefined
  const rows = waiting.map(({ kind, backend, server, sessions }) => [
    markup`<span class="mono">${server}</span>`,
    markup`<a href="/backends/${encodeURIComponent(backend)}">${backend}</a>`,
    kind === 'draining' ? 'draining: no new sessions' : 'admitted when its first check has passed',
    sessions === undefined ? '' : sessions,
  ])
  return markup`<section aria-labelledby="way">
    <h2 id="way">Servers on their way in or out</h2>
    ${table({ caption: 'Nothing is to be done about these but to wait.', columns: ['Server', 'Backend', 'What', 'Sessions'], rows })}
  </section> `
}

function routeSection(view: PageView): Html {
  const rows = view.routes('', MOST.routes)
  const more =
    rows.all > rows.shown.length
      ? markup`<p><a href="/routes">All ${rows.all} routes</a></p>`
      : undefined
  return markup`<section aria-labelledby="routes">
    <h2 id="routes">Routes</h2>
    ${askForm('')} ${routeTable(rows)}${more}
  </section> `
}

function backendSection(status: Status): Html | undefined {
  const healthy = status.backends.filter((b) => !isTroubled(b))
  if (healthy.length === 0) return undefined
  const shown = healthy.slice(0, MOST.backends)
  const more =
    healthy.length > shown.length
      ? markup`<p>${shown.length} of ${healthy.length}. <a href="/backends">All backends</a></p>`
      : undefined
  const servers = healthy.reduce((sum, { available }) => sum + available, 0)
  return markup`<section aria-labelledby="backends">
    <h2 id="backends">Backends in order</h2>
    ${backendTable(shown, `${count(healthy.length, 'backend')} with ${count(servers, 'server')}.`)}${more}
  </section> `
}

function actionSection(status: Status): Html {
  const rows = actionRows(status)
  const body =
    rows.length === 0
      ? markup`<p>Nothing has been changed since Legate began.</p>`
      : table({
          caption: 'The newest first.',
          columns: ['When', 'What', 'Because', 'Difference'],
          rows,
        })
  return markup`<section aria-labelledby="actions">
    <h2 id="actions">Last actions</h2>
    ${body}
  </section> `
}

function eventSection({ events: all }: Status): Html | undefined {
  if (all.length === 0) return undefined
  const rows = all.slice(0, MOST.events).map(({ at, text }) => [time(at), eventText(text)])
  return markup`<section aria-labelledby="events">
    <h2 id="events">Events</h2>
    ${table({ caption: 'The newest first.', columns: ['When', 'What'], rows })}
  </section> `
}

/** As it is logged, its level as a mark. */
function eventText(text: string): HtmlPart {
  const [, level = '', message = ''] = /^(info|warn|error) +(.*)$/s.exec(text) ?? []
  if (level === '') return text
  return level === 'info'
    ? message
    : markup`${badge(level === 'warn' ? 'warn' : 'bad', level)} ${message}`
}
