/** Backends: who is missing and why, Consul's view of each server beside HAProxy's. */
import type { CapacityLevel } from '../model/event.ts'
import type { Html, HtmlPart, Tone } from './page-html.ts'
import { badge, markup, table, time } from './page-html.ts'
import type { Page } from './page-layout.ts'
import { layout } from './page-layout.ts'
import type { Asked } from './page-list.ts'
import { filterForm, MOST_ROWS, partLinks, rangeOf } from './page-list.ts'
import type { BackendView, PageView, Said, ServerRow } from './page-view.ts'
import type { BackendStatus, Status } from './status.ts'
import { isTroubled } from './status.ts'

const MOST = { detailed: 10, serversEach: 10, troubled: 100, servers: 500 } as const

const LEVELS: Readonly<Record<CapacityLevel, readonly [Tone, string]>> = {
  Healthy: ['good', 'Healthy'],
  BelowDesired: ['warn', 'Below desired'],
  BelowMinimum: ['bad', 'Below minimum'],
  Empty: ['bad', 'Empty'],
}

/** `Backend/default/api` → `api`, as HAProxy calls it. */
function sectionOf(resource: string): string {
  const [, namespace = '', name = ''] = resource.split('/')
  return namespace === 'default' ? name : `${namespace}.${name}`
}

export function backendLink(resource: string): Html {
  return markup`<a href="/backends/${encodeURIComponent(sectionOf(resource))}"
    >${resource.replace(/^Backend\//, '')}</a
  >`
}

/** Some in full, more as lines, the rest as a number. */
export function troubledBackends(view: PageView, { backends }: Status): Html | undefined {
  const troubled = backends.filter(isTroubled).toSorted((a, b) => gravity(b) - gravity(a))
  if (troubled.length === 0) return undefined
  const detailed = troubled.slice(0, MOST.detailed).map((backend) => detail(view, backend))
  const lines = troubled.slice(MOST.detailed, MOST.troubled)
  const hidden = troubled.length - MOST.detailed - lines.length
  return markup`<section aria-labelledby="troubled">
    <h2 id="troubled">Backends in trouble</h2>
    ${detailed} ${lines.length === 0 ? undefined : backendTable(lines, `${lines.length} more.`)}
    ${hidden > 0 ? markup`<p>… and ${hidden} more: <a href="/backends">all backends</a></p>` : undefined}
  </section> `
}

const GRAVITY: Readonly<Record<CapacityLevel, number>> = {
  Empty: 4,
  BelowMinimum: 3,
  BelowDesired: 2,
  Healthy: 1,
}

function gravity({ level, held }: BackendStatus): number {
  return GRAVITY[level] * 2 + (held ? 1 : 0)
}

function detail(view: PageView, backend: BackendStatus): Html {
  const shown = view.backend(sectionOf(backend.resource), MOST.serversEach)
  return markup`<h3>${backendLink(backend.resource)} ${levelBadges(backend)} ${countOf(backend)}</h3>
    <p>since ${time(backend.since)}${capacityWords(backend)}</p>
    ${whoIsOut(backend)} ${shown === undefined ? undefined : serverTable(shown)} `
}

function whoIsOut({ out }: BackendStatus): Html | undefined {
  if (out.length === 0) return undefined
  const hidden = out.length - MOST.serversEach
  const lines = out
    .slice(0, MOST.serversEach)
    .map(({ instance, why }) => markup`<li>${instance} ${why}</li>`)
  return markup`<ul class="list">
    ${lines}${hidden > 0 ? markup`<li>… and ${hidden} more</li>` : undefined}
  </ul>`
}

function levelBadges({ level, held }: BackendStatus): HtmlPart {
  const [tone, text] = LEVELS[level]
  return [badge(tone, text), held ? markup` ${badge('warn', 'servers are kept')}` : undefined]
}

function countOf({ available, desired, minimum }: BackendStatus): string {
  const wanted = desired ?? minimum ?? 0
  if (available < wanted) return `${available} of ${wanted} servers`
  return `${available} ${available === 1 ? 'server' : 'servers'}`
}

function capacityWords({ desired, minimum }: BackendStatus): string {
  const words = [
    ...(desired === undefined ? [] : [`desired ${desired}`]),
    ...(minimum === undefined ? [] : [`minimum ${minimum}`]),
  ]
  return words.length === 0 ? '' : `; ${words.join(', ')}`
}

export function backendTable(backends: readonly BackendStatus[], caption: string): Html {
  const rows = backends.map((backend) => [
    backendLink(backend.resource),
    countOf(backend),
    levelBadges(backend),
    time(backend.since),
  ])
  return table({ caption, columns: ['Backend', 'Servers', 'Level', 'Since'], rows })
}

export function backendsPage(status: Status, { words, from }: Asked): string {
  const found = status.backends.filter(({ resource }) => resource.includes(words.trim()))
  const sorted = found.toSorted((a, b) => gravity(b) - gravity(a))
  const rows = sorted.slice(from, from + MOST_ROWS)
  const part = { from, shown: rows.length, all: found.length }
  const body = markup`<section>
    <h1>Backends</h1>
    ${filterForm('/backends', 'Part of a name', words)}
    ${backendTable(rows, `${rangeOf(part)} backends, those in trouble first.`)}
    ${partLinks('/backends', words, part)}
  </section> `
  return layout({ title: 'Backends', status, body })
}

export function backendPage(view: PageView, name: string): Page {
  const status = view.status()
  const shown = view.backend(name, MOST.servers)
  const state = shown && status.backends.find((b) => b.resource === shown.resource)
  if (shown === undefined || state === undefined)
    return {
      code: 404,
      body: layout({
        title: 'No such backend',
        status,
        body: markup`<section>
          <h1>No such backend</h1>
          <p><a href="/backends">All backends</a></p>
        </section>`,
      }),
    }
  const title = shown.resource.replace(/^Backend\//, '')
  const body = markup`<section>
      <h1>Backend ${title} ${levelBadges(state)}</h1>
      <p>${countOf(state)}, since ${time(state.since)}${capacityWords(state)}</p>
      <dl>
        <dt>Servers from</dt>
        <dd>${shown.source}</dd>
        <dt>Manifest</dt>
        <dd class="mono">${shown.file}:${shown.line}</dd>
        <dt>In haproxy.cfg</dt>
        <dd class="mono">backend ${shown.name}</dd>
      </dl>
    </section>
    <section aria-labelledby="servers">
      <h2 id="servers">Servers</h2>
      ${whoIsOut(state)} ${serverTable(shown)}
    </section> `
  return { code: 200, body: layout({ title: `Backend ${title}`, status, body }) }
}

function serverTable({ name, servers }: BackendView): Html {
  if (servers.all === 0) return markup`<p>Nobody is registered, and HAProxy has no server.</p>`
  const more =
    servers.all > servers.shown.length
      ? markup`<p>
          <a href="/backends/${encodeURIComponent(name)}"
            >${servers.shown.length} of ${servers.all} servers</a
          >, those in trouble first.
        </p>`
      : undefined
  return markup`${table({
    caption: `Servers of ${name}: what Consul says, and what HAProxy says.`,
    columns: ['Server', 'Address', 'Consul', 'HAProxy', 'Weight', 'Sessions'],
    rows: servers.shown.map(serverCells),
  })}${more}`
}

function serverCells(server: ServerRow): HtmlPart[] {
  const { name, instance, address, weight, consul, haproxy, sessions } = server
  return [
    instance === undefined
      ? markup`<span class="mono">${name}</span>`
      : markup`${instance}<br /><span class="soft mono">${name}</span>`,
    markup`<span class="mono">${address}</span>`,
    said(consul),
    said(haproxy),
    weight,
    sessions,
  ]
}

function said({ tone, text }: Said): Html {
  return badge(tone, text)
}
