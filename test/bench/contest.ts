/* oxlint-disable no-console, no-await-in-loop -- one thing after another, and the result on the screen */
/** Legate beside consul-template and the bare limit, on the same Consul and HAProxy, in one run: how soon, and at what cost. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createWeb, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseShowProc } from '../../src/haproxy/show-proc.ts'
import { makeTlsPair } from '../consul/tls-pair.ts'
import { startLoad } from '../daemon/load.ts'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { startConsul } from '../tools/consul-agent.ts'
import type { Contender, Ground } from './contenders.ts'
import { ask, startConsulTemplate, startLegate, startLimit, startRendering } from './contenders.ts'
import { APP, change, INSTANCES, move, register, type Fleet, type Place } from './fleet.ts'
import { freePort } from '../tools/free-port.ts'
import { cpuMs, cpuWithChildrenMs, rssMb } from './machine.ts'

const SIZES = (process.env['LEGATE_BENCH_SIZES'] ?? '10,100,1000').split(',').map(Number)
const CHANGES = Number(process.env['LEGATE_BENCH_CHANGES'] ?? 40)
const BURST_MS = Number(process.env['LEGATE_BENCH_BURST_MS'] ?? 30_000)
/** Before anything is measured: a daemon runs for months, and V8 compiles for its first minute of work. */
const WARM_MS = Number(process.env['LEGATE_BENCH_WARM_MS'] ?? 60_000)
/** Beyond the window in which changes are gathered, and the check of the file after each. */
const SPACING_MS = 1500
/** After many changes: beyond the time that servers which leave are given. */
const REST_MS = 8000

export interface Row {
  readonly contender: string
  readonly services: number
  readonly startMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuPerChangeMs: number
  /** With its children, and with HAProxy: checks, reloads and new workers are what some changes cost. */
  readonly allCpuPerChangeMs: number
  readonly rssMb: number
  readonly reloadsPer100: number
  readonly requests: number
  readonly failed: number
  /** Whether HAProxy came to have the last change of the burst. */
  readonly caughtUp: boolean
}

/** Of consul-template's template alone, without check and reload. */
export interface RenderingRow {
  readonly services: number
  readonly cpuPerChangeMs: number
}

export interface Results {
  readonly rows: readonly Row[]
  readonly renderings: readonly RenderingRow[]
}

type Start = (ground: Ground) => Promise<Contender>

export async function runContest(haproxy: string): Promise<Results> {
  const template = findConsulTemplate()
  console.log(
    template === undefined
      ? 'no consul-template on PATH or in CONSUL_TEMPLATE_BIN: its rows are missing'
      : versionOf(template),
  )
  const results: Results[] = []
  for (const services of SIZES) results.push(await runSize(services, template, haproxy))
  return {
    rows: results.flatMap(({ rows }) => rows),
    renderings: results.flatMap(({ renderings }) => renderings),
  }
}

function contendersWith(template: string | undefined): readonly [string, Start][] {
  const ours: [string, Start][] = [
    ['bare limit', startLimit],
    ['legate', startLegate],
  ]
  if (template === undefined) return ours
  return [...ours, ['consul-template', (ground) => startConsulTemplate(ground, template)]]
}

async function runSize(
  services: number,
  template: string | undefined,
  haproxy: string,
): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'lgb-'))
  const webs = await Promise.all(['0', '1'].map(startWeb))
  const fleet: Fleet = { services, webPorts: webs.map(portOf) }
  const tls = await makeTlsPair()
  const caFile = join(folder, 'cert.pem')
  writeFileSync(caFile, tls.cert)
  writeFileSync(join(folder, 'key.pem'), tls.key)
  const https = await freePort()
  const consul = await startConsul({
    hcl: [
      `ports { https = ${https} }`,
      `cert_file = "${caFile}"`,
      `key_file = "${join(folder, 'key.pem')}"`,
      'limits { http_max_conns_per_client = 10000 }',
    ],
  })
  try {
    await register(consul, fleet)
    const groundFor = async (name: string): Promise<Ground> => ({
      folder: join(folder, name.replace(' ', '-').slice(0, 8)),
      port: await freePort(),
      haproxy,
      consulHttp: consul.address,
      consulHttps: `https://127.0.0.1:${https}`,
      caFile,
      fleet,
    })
    const rows: Row[] = []
    for (const [name, start] of contendersWith(template)) {
      const row = await runOne(name, start, await groundFor(name), consul)
      console.log(printRow(row))
      rows.push(row)
      await settleBack(consul, services)
    }
    if (template === undefined) return { rows, renderings: [] }
    const cpuPerChangeMs = await measureRendering(await groundFor('alone'), template, consul)
    console.log(printRendering({ services, cpuPerChangeMs }))
    return { rows, renderings: [{ services, cpuPerChangeMs }] }
  } finally {
    await consul.stop()
    for (const web of webs) web.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Who comes next begins where the one before began. */
async function settleBack(consul: ConsulAgent, services: number): Promise<void> {
  for (let i = 0; i < services; i += 1)
    await Promise.all(Array.from({ length: INSTANCES }, (_, j) => move(consul, i, j, 8000)))
}

async function runOne(
  contender: string,
  start: Start,
  ground: Ground,
  consul: ConsulAgent,
): Promise<Row> {
  const { services } = ground.fleet
  const beganMs = performance.now()
  const one = await start(ground)
  try {
    if (!(await isShown(one, { i: services - 1, j: INSTANCES - 1, port: 8000 })))
      throw new Error(`${contender} has not started`)
    const startMs = performance.now() - beganMs
    await warmUp(consul, ground.fleet)
    const times: number[] = []
    for (let n = 0; n < CHANGES; n += 1) {
      const i = (n * 7919) % services
      const atMs = performance.now()
      await move(consul, i, n % INSTANCES, 9000 + n)
      const is = await isShown(one, { i, j: n % INSTANCES, port: 9000 + n })
      times.push(is ? performance.now() - atMs : Infinity)
      await pause(SPACING_MS)
    }
    const burst = await runBurst(one, ground, consul)
    const sorted = times.toSorted((a, b) => a - b)
    return {
      contender,
      services,
      startMs,
      p50Ms: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
      ...burst,
    }
  } finally {
    await one.stop()
  }
}

/** From the start to where what is measured begins: at rest, after changes that do not count. */
async function warmUp(consul: ConsulAgent, fleet: Fleet): Promise<void> {
  await pause(Math.min(20_000, 4000 + fleet.services * 10))
  await change(consul, fleet, WARM_MS, 20_000)
  await pause(REST_MS)
}

/** Milliseconds of CPU a change. */
async function measureRendering(
  ground: Ground,
  template: string,
  consul: ConsulAgent,
): Promise<number> {
  const one = startRendering(ground, template)
  try {
    while (!existsSync(one.config)) await pause(50)
    await warmUp(consul, ground.fleet)
    const cpu = cpuMs(one.pid)
    const { changes, last } = await change(consul, ground.fleet, BURST_MS, 10_000)
    await pause(2000)
    const spentMs = cpuMs(one.pid) - cpu
    if (!readFileSync(one.config, 'utf8').includes(`10.${last.j}.0.1:${last.port} `))
      console.log('consul-template has not written the last change')
    return spentMs / changes
  } finally {
    await one.stop()
  }
}

type Burst = Omit<Row, 'contender' | 'services' | 'startMs' | 'p50Ms' | 'p99Ms'>

async function runBurst(
  one: Contender,
  { fleet, port }: Ground,
  consul: ConsulAgent,
): Promise<Burst> {
  const load = startLoad({ port, host: `${APP}.example.com`, right: (server) => server !== '' })
  const [reloads, cpu, allCpu] = [await reloadsOf(one), cpuMs(one.pid), await allCpuMs(one)]
  const { changes, last } = await change(consul, fleet, BURST_MS, 10_000)
  await pause(2000)
  // Asking whether the last change is there takes HAProxy's time as well.
  const spent = { own: cpuMs(one.pid) - cpu, all: (await allCpuMs(one)) - allCpu }
  const caughtUp = await isShown(one, last)
  const { requests, failures } = await load.stop()
  return {
    cpuPerChangeMs: spent.own / changes,
    allCpuPerChangeMs: spent.all / changes,
    rssMb: rssMb(one.pid),
    reloadsPer100: (((await reloadsOf(one)) - reloads) / changes) * 100,
    requests,
    failed: failures.length,
    caughtUp,
  }
}

const PATIENCE_MS = 60_000

/** Waits until HAProxy has instance `j` of service `i` at that port; false where it is not there in time. */
async function isShown({ statsSocket }: Contender, { i, j, port }: Place): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS
  const wanted = `10.${j}.0.1`
  for (;;) {
    const state = await ask(statsSocket, `show servers state s${i}`)
    const rows = state.split('\n').map((line) => line.split(' '))
    if (rows.some((cells) => cells[4] === wanted && cells[18] === String(port))) return true
    if (performance.now() > deadline) return false
    if (state === '') await pause(5)
  }
}

/** The master of HAProxy counts the workers that have ended; those that live count themselves. */
async function allCpuMs({ pid, masterSocket }: Contender): Promise<number> {
  const processes = parseShowProc(await ask(masterSocket, 'show proc'))
  if (processes === undefined) return Number.NaN
  const { masterPid, worker, oldWorkers } = processes
  const workers = worker === undefined ? oldWorkers : [worker, ...oldWorkers]
  return [pid, masterPid, ...workers.map((each) => each.pid)].reduce(
    (sum, each) => sum + cpuWithChildrenMs(each),
    0,
  )
}

async function reloadsOf({ masterSocket }: Contender): Promise<number> {
  return parseShowProc(await ask(masterSocket, 'show proc'))?.reloads ?? Number.NaN
}

export const HEADING: string =
  'services  contender            start    p50      p99      CPU/change  all CPU  RSS     reloads/100  failed'

function printRow(row: Row): string {
  return [
    String(row.services).padStart(8),
    row.contender.padEnd(16),
    `${row.startMs.toFixed(0)} ms`.padStart(9),
    `${row.p50Ms.toFixed(1)} ms`.padStart(9),
    `${row.p99Ms.toFixed(1)} ms`.padStart(9),
    `${row.cpuPerChangeMs.toFixed(2)} ms`.padStart(9),
    `${row.allCpuPerChangeMs.toFixed(1)} ms`.padStart(9),
    `${row.rssMb.toFixed(0)} MB`.padStart(8),
    row.reloadsPer100.toFixed(0).padStart(8),
    `${row.failed} of ${row.requests}`.padStart(16),
    ...(row.caughtUp ? [] : [`the last change was not there after ${PATIENCE_MS / 1000} s`]),
  ].join('  ')
}

function printRendering({ services, cpuPerChangeMs }: RenderingRow): string {
  const cpu = `${cpuPerChangeMs.toFixed(2)} ms`.padStart(9)
  return `${String(services).padStart(8)}  consul-template's template alone, without check and reload: CPU/change ${cpu}`
}

function findConsulTemplate(): string | undefined {
  const asked = process.env['CONSUL_TEMPLATE_BIN']
  if (asked !== undefined) return asked
  try {
    return execFileSync('sh', ['-c', 'command -v consul-template'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

function versionOf(program: string): string {
  return execFileSync(program, ['-version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

async function startWeb(name: string): Promise<Server> {
  const server = createWeb((_, response) => response.setHeader('x-server', name).end('ok\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
