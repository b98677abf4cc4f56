/** Every status fits schemas/status.schema.json, and every field of the schema is one that a status has. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import type { Status } from '../../src/report/status.ts'
import { printStatus } from '../../src/report/status.ts'
import type { Schema } from '../tools/schema-files.ts'
import { degraded, drifted, failing, inSync, rejected, suspended } from './scenarios.ts'
import type { PageSite } from './site.ts'

const schema = JSON.parse(readFileSync('schemas/status.schema.json', 'utf8')) as Schema
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema)

async function reloaded(): Promise<PageSite> {
  const site = await inSync()
  const trial = 'unavailable: there is no unshare'
  site.world.apply = { state: 'applied', action: 'reload', tookMs: 5, workerPid: 7, trial }
  site.world.sources = site.world.sources.map(({ path, text }) => ({
    path,
    text: text.replace('api.farmer.io', 'apo.farmer.io'),
  }))
  await site.pass('files')
  site.world.apply = { state: 'applied', action: 'runtime', tookMs: 5 }
  await site.pass('a look')
  return site
}

async function leaving(): Promise<PageSite> {
  const site = await inSync()
  site.see = (actual) => {
    const { running } = actual
    if (running.state !== 'running') return actual
    const { live } = running.process
    const gone = { name: 'i-000000000000', address: '10.9.9.9', port: 80, weight: 0 }
    const servers = new Map(live.servers)
    const drain = {
      ...gone,
      admin: 'drain' as const,
      check: 'passed' as const,
      sessions: 3,
      outForMs: 5,
    }
    servers.set('api', [...(servers.get('api') ?? []), drain])
    return {
      ...actual,
      running: { ...running, process: { ...running.process, live: { ...live, servers } } },
    }
  }
  await site.pass('a look')
  return site
}

/** As a program gets it. */
async function statusOf(site: PageSite): Promise<Status> {
  return (await (await fetch(`${site.url}/api/v1/status`)).json()) as Status
}

const MADE = { inSync, degraded, drifted, rejected, suspended, failing, leaving, reloaded }

test.each(Object.entries(MADE))('%s fits the schema', async (_, make) => {
  const status = await statusOf(await make())
  validate(status)
  expect(validate.errors ?? []).toEqual([])
})

/** `backends[].out[].why` */
function* fieldsOf(at: Schema, path: string): Generator<string> {
  for (const [name, below] of Object.entries(at.properties ?? {})) {
    const place = `${path}${name}`
    yield place
    yield* fieldsOf(below.items ?? below, below.items === undefined ? `${place}.` : `${place}[].`)
  }
}

function* fieldsIn(value: unknown, path: string): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, below] of Object.entries(value)) {
    yield `${path}${name}`
    const items: readonly unknown[] = Array.isArray(below) ? below : [below]
    for (const item of items)
      yield* fieldsIn(item, Array.isArray(below) ? `${path}${name}[].` : `${path}${name}.`)
  }
}

/** Only where git, or a Consul that was lost, is. */
const ELSEWHERE = /^(revision\.git|held\.git|consul\.failing\[\]\..*)$/

test('the schema has no field that no status has', async () => {
  const seen = new Set<string>()
  for (const make of Object.values(MADE))
    for (const field of fieldsIn(await statusOf(await make()), '')) seen.add(field)
  const unseen = [...fieldsOf(schema, '')].filter((f) => !seen.has(f) && !ELSEWHERE.test(f))
  expect(unseen).toEqual([])
})

test('fields are described, and objects closed', () => {
  const bare = (at: Schema, path: string): string[] => [
    ...((at.description ?? '').endsWith('.') ? [] : [path]),
    ...(at.type === 'object' && at.additionalProperties === undefined ? [`${path}: open`] : []),
    ...Object.entries(at.properties ?? {}).flatMap(([name, s]) => bare(s, `${path}.${name}`)),
    ...(at.items === undefined ? [] : bare(at.items, `${path}[]`)),
  ]
  expect(bare(schema, 'Status')).toEqual([])
})

test('a terminal is told the same', async () => {
  const text = printStatus(await statusOf(await leaving()))
  expect(text).toContain('waits for 1 server to drain (sessions: 3)')
  const tried = printStatus(await statusOf(await reloaded()))
  expect(tried).toMatch(/^HAProxy .* old workers, trial start unavailable: there is no unshare$/m)
  const failed = printStatus(await statusOf(await failing()))
  expect(failed).toMatch(/^To be done: runtime; the new worker did not [^\n]*\n {4}because /m)
  const drift = printStatus(await statusOf(await drifted()))
  expect(drift).toMatch(
    /^drift since \S+Z: the configuration file was changed by hand \(Report\)$/m,
  )
})
