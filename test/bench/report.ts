/* oxlint-disable no-await-in-loop -- one thing after another */
/** What scrapes and pages take at 10,000 servers, beside prom-client alone, and how long they keep the daemon from all else. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { ROOT } from '../tools/site.ts'
import { SERVICES, withDaemon } from './daemon.ts'
import { INSTANCES, move } from './fleet.ts'
import { freePort } from '../tools/free-port.ts'

const ROUNDS = Number(process.env['LEGATE_BENCH_ROUNDS'] ?? 15)
/** Of each phase: a moment in which the machine does something else spoils one of them. */
const TURNS = 5
const PHASE_MS = Number(process.env['LEGATE_BENCH_PHASE_MS'] ?? 4000)
/** Beyond the pass after a change, and the check of the file behind it. */
const SPACING_MS = 1500
const CHILDREN = join(ROOT, 'test/bench/children')
const PAGES = ['/', '/backends', '/routes', '/backends/s7', '/route?url=http://s7.example.com/']

/** The time in which the event loop is judged. */
export const ASKED = 'scrapes and pages without a pause'

export interface Taken {
  readonly what: string
  readonly medianMs: number
  readonly maxMs: number
}

export interface Delay {
  readonly during: string
  /** Without waiting for a core that other processes had. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** With it. */
  readonly wallP99Ms: number
}

export interface ReportCost {
  readonly series: number
  readonly taken: readonly Taken[]
  readonly delays: readonly Delay[]
}

interface Ground {
  readonly daemon: ChildProcess
  readonly consul: ConsulAgent
  readonly legate: string
  readonly alone: string
}

export async function measureReport(haproxy: string): Promise<ReportCost> {
  const listen = `127.0.0.1:${await freePort()}`
  const preload = join(CHILDREN, 'loop-delay.mjs')
  return withDaemon({ haproxy, listen, preload }, async ({ child: daemon, consul }) => {
    const legate = `http://${listen}`
    const { text } = await ask(`${legate}/metrics`)
    const alone = await startAlone(text)
    try {
      if (seriesIn((await ask(alone.url)).text) !== seriesIn(text)) throw new Error('other series')
      const ground = { daemon, consul, legate, alone: alone.url }
      const taken = await measureAnswers(ground)
      return { series: seriesIn(text), taken, delays: await measureDelays(ground) }
    } finally {
      alone.child.kill('SIGKILL')
    }
  })
}

/** In turns; every round begins with a change, so that there is something to make anew. */
async function measureAnswers({ consul, legate, alone }: Ground): Promise<Taken[]> {
  const asked: readonly (readonly [what: string, url: string])[] = [
    ['scrape, after a change', `${legate}/metrics`],
    ['prom-client alone', alone],
    ['scrape, nothing new', `${legate}/metrics`],
    ...PAGES.map((path) => [`page ${path}`, legate + path] as const),
  ]
  const times = asked.map((): number[] => [])
  const before = await passesApplied(legate)
  for (let round = 0; round < ROUNDS; round += 1) {
    await change(consul, round)
    await pause(SPACING_MS)
    for (const [i, [, url]] of asked.entries()) times[i]?.push((await ask(url)).tookMs)
  }
  if ((await passesApplied(legate)) < before + ROUNDS) throw new Error('changes were not applied')
  return asked.map(([what], i) => ({
    what,
    medianMs: median(times[i]),
    maxMs: Math.max(...(times[i] ?? [])),
  }))
}

function median(values: readonly number[] = []): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function measureDelays(ground: Ground): Promise<Delay[]> {
  const { daemon, legate } = ground
  const urls = ['/metrics', ...PAGES].map((path) => legate + path)
  let n = ROUNDS
  const changes = {
    everyMs: 100,
    run: () => change(ground.consul, (n += 1)),
  }
  const [metrics, page] = ['/metrics', '/'].map((path) => ({
    everyMs: 1000,
    run: () => ask(legate + path),
  }))
  if (metrics === undefined || page === undefined) throw new Error('nothing to ask')
  const asking = { everyMs: 0, run: async () => ask(urls[(n += 1) % urls.length] ?? '') }
  const phases: readonly (readonly [during: string, repeated: readonly Repeated[]])[] = [
    ['nothing', []],
    [ASKED, [asking]],
    ['a change each 100 ms', [changes]],
    ['a change each 100 ms, a scrape and a page each second', [changes, metrics, page]],
  ]
  const seen = phases.map((): Omit<Delay, 'during'>[] => [])
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const [i, [, repeated]] of phases.entries()) {
      await pause(SPACING_MS)
      await delayOf(daemon)
      await Promise.all([pause(PHASE_MS), ...repeated.map(repeat)])
      seen[i]?.push(await delayOf(daemon))
    }
  return phases.map(([during], i) => ({
    during,
    p50Ms: median(seen[i]?.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(seen[i]?.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...(seen[i] ?? []).map(({ maxMs }) => maxMs)),
    wallP99Ms: median(seen[i]?.map(({ wallP99Ms }) => wallP99Ms)),
  }))
}

interface Repeated {
  readonly everyMs: number
  readonly run: () => Promise<unknown>
}

async function repeat({ everyMs, run }: Repeated): Promise<void> {
  const endMs = performance.now() + PHASE_MS
  for (let atMs = performance.now(); atMs < endMs; atMs = performance.now()) {
    await run()
    await pause(Math.max(0, atMs + everyMs - performance.now()))
  }
}

/** Since it was last asked. */
async function delayOf(daemon: ChildProcess): Promise<Omit<Delay, 'during'>> {
  daemon.send('how late?')
  const [delay] = (await once(daemon, 'message')) as [Omit<Delay, 'during'>]
  return delay
}

async function startAlone(text: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(CHILDREN, 'prom-client-alone.mjs'), { execArgv: [] })
  child.send(text)
  const [port] = (await once(child, 'message')) as [number]
  return { child, url: `http://127.0.0.1:${port}/metrics` }
}

/** Never the same instance twice in a row, and a new port each time. */
async function change(consul: ConsulAgent, n: number): Promise<void> {
  await move(consul, (n * 7919) % SERVICES, n % INSTANCES, 9000 + n)
}

const agent = new Agent({ keepAlive: true })

async function ask(url: string): Promise<{ readonly tookMs: number; readonly text: string }> {
  const beganMs = performance.now()
  const request = get(url, { agent })
  const [response] = await once(request, 'response')
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`)
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const tookMs = performance.now() - beganMs
  return { tookMs, text: Buffer.concat(chunks).toString() }
}

function seriesIn(text: string): number {
  return text.match(/^\w.* \S+$/gm)?.length ?? 0
}

async function passesApplied(legate: string): Promise<number> {
  const { text } = await ask(`${legate}/metrics`)
  return Number(/^legate_reconcile_total\{result="applied"\} (\d+)$/m.exec(text)?.[1])
}
