/**
 * kill -9 of Legate at any moment of a run, again and again, while requests flow: what lies on the disk is
 * always something HAProxy starts with, HAProxy answers, and one run that is left alone heals it all.
 *
 * LEGATE_KILLS is how often (200), LEGATE_KILL_SEED repeats the moments of an earlier test.
 */
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Failpoint } from '../../src/haproxy/failpoint.ts'
import { readTarget } from '../../src/model/target-file.ts'
import { REST_MS } from '../../src/plan/servers.ts'
import { chance } from '../tools/chance.ts'
import type { Ended } from '../tools/site.ts'
import { consulBackend, plainFrontend } from './manifests.ts'
import { haproxy, makeSite, shareConsul, until, type Site } from './rig.ts'
import { ask, startWeb } from './web.ts'

const KILLS = Number(process.env['LEGATE_KILLS'] ?? 200)
const SEED = Number(process.env['LEGATE_KILL_SEED'] ?? Date.now() % 1_000_000)

const consul = await shareConsul()

/** Each fifth kill is at one of these; the others are where chance has it. */
const POINTS: readonly Failpoint[] = [
  'after-maps',
  'before-rename',
  'after-rename',
  'after-reload',
  'after-proof',
]

/** Who leaves is deleted when it has rested; so seldom a kill comes as late as that. */
const LATE_EVERY = 48

function manifests(round: number): (place: { readonly port: number }) => string {
  return (place) =>
    plainFrontend(place).replace('rules:', `hostnames: [a.org, r${round}.org]\n  rules:`) +
    consulBackend('app', 'killed', [`timeouts: { server: ${5000 + round}ms }`])
}

/** A manifest changes routes and structure, which takes a reload. */
function changeStructure(site: Site, round: number): void {
  site.write('manifests/site.yaml', manifests(round)(site))
}

/** An instance comes or leaves; true: it leaves. */
async function changeInstances(round: number): Promise<boolean> {
  const leaves = round % 4 === 1
  await consul?.setCheck('service:app-2', leaves ? 'critical' : 'passing')
  return leaves
}

async function runAndKill(site: Site, afterMs: number): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined
  const ended = await site.run(['reconcile', '--once'], {
    onStart: (child) => {
      timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
    },
  })
  clearTimeout(timer)
  return ended
}

/** By turns a reload that dies at one of the points, a reload, and instances that leave or come. */
async function changeAndKill(site: Site, round: number, afterMs: number): Promise<Ended> {
  const point = round % 5 === 0 ? POINTS[(round / 5) % POINTS.length] : undefined
  if (point !== undefined) {
    changeStructure(site, round)
    const env = { NODE_ENV: 'test', LEGATE_FAILPOINTS: `${point}:kill` }
    return site.run(['reconcile', '--once'], { env })
  }
  if (round % 2 === 0) changeStructure(site, round)
  else {
    const isLate = (await changeInstances(round)) && round % LATE_EVERY === 1
    return runAndKill(site, isLate ? REST_MS + afterMs : afterMs)
  }
  return runAndKill(site, afterMs)
}

/** Whole, ours, accepted by HAProxy, with every map there and as its name says. */
async function checkDisk(site: Site, checked: Set<string>): Promise<void> {
  const text = site.read('haproxy.cfg')
  if (readTarget(text) !== 'ours') throw new Error(`not what Legate writes:\n${text}`)
  for (const [path, digest] of text.matchAll(/\/[^\s,()]+\.([0-9a-f]{16})\.map/g))
    if (createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16) !== digest)
      throw new Error(`${path} is not what its name says`)
  if (checked.has(text)) return
  checked.add(text)
  await promisify(execFile)(haproxy ?? '', ['-c', '-f', site.configFile])
}

interface Traffic {
  answered: number
  readonly refused: string[]
}

/** Asks without a pause until the test ends. */
function startTraffic({ port }: Site): Traffic {
  const traffic: Traffic = { answered: 0, refused: [] }
  let isOver = false
  onTestFinished(() => {
    isOver = true
  })
  const next = async (): Promise<void> => {
    const { status, body } = await ask({ port, host: 'a.org' })
    if (status === 200) traffic.answered += 1
    else if (!isOver) traffic.refused.push(`${status} ${body}`)
    await pause(10)
    if (!isOver) await next()
  }
  void next()
  return traffic
}

async function makeRunning(): Promise<Site> {
  for (const id of ['app-1', 'app-2'])
    await consul?.register({
      service: 'killed',
      id,
      port: await startWeb(id),
      address: '127.0.0.1',
    })
  const site = await makeSite(manifests(0), {
    consul: { address: consul?.address },
    haproxy: { settle: '50ms' },
  })
  expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0, stderr: '' })
  return site
}

/** The slowest of a few whole runs, in milliseconds. */
async function measure(site: Site): Promise<number> {
  let slowest = 0
  for (const round of [1, 2, 3]) {
    changeStructure(site, round)
    const began = performance.now()
    expect((await site.legate('reconcile', '--once')).stdout).toMatch(/^applied: /m)
    slowest = Math.max(slowest, performance.now() - began)
  }
  return slowest
}

/** Differs when a run has come as far as writing. */
function traceOf(site: Site): string {
  const files = [site.configFile, site.path('maps'), site.path('state/previous.cfg')]
  return files.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ')
}

const TIMEOUT_MS = 120_000 + KILLS * 3000

describe.skipIf(haproxy === undefined || consul === undefined)(`killed ${KILLS} times`, () => {
  test(`with seed ${SEED}`, { timeout: TIMEOUT_MS }, async () => {
    process.stderr.write(`kill -9, ${KILLS} times, LEGATE_KILL_SEED=${SEED}\n`)
    const random = chance(SEED)
    const site = await makeRunning()
    const usualMs = await measure(site)
    const traffic = startTraffic(site)
    const checked = new Set<string>()
    const seen = { died: 0, applying: 0, ended: 0 }

    for (let round = 10; round < 10 + KILLS; round += 1) {
      const before = traceOf(site)
      const ended = await changeAndKill(site, round, random() * usualMs)
      if (ended.signal !== 'SIGKILL' && ended.code !== 0)
        throw new Error(`round ${round}: ${JSON.stringify(ended, undefined, 1)}`)
      seen[ended.signal === null ? 'ended' : 'died'] += 1
      if (traceOf(site) !== before) seen.applying += 1
      await checkDisk(site, checked)
    }

    const told = `${seen.died} died, ${seen.applying} of them had begun to write, ${seen.ended} were done before`
    process.stderr.write(
      `${told}; ${checked.size} configurations, ${traffic.answered} requests answered; a run takes ${Math.round(usualMs)} ms\n`,
    )
    expect(traffic.refused).toEqual([])
    expect(traffic.answered).toBeGreaterThan(KILLS)
    expect(seen.applying).toBeGreaterThan(0)
    await expectHealed(site)
  })
})

/** What a kill leaves only when it comes within a few milliseconds. */
function plantOrphans(site: Site): void {
  const { pid } = spawnSync(process.execPath, ['-e', '0'])
  for (const path of ['.haproxy.cfg', 'maps/.web-hosts.map', 'state/.last-good.json'])
    site.write(`${path}.${pid}.0123456789abcdef.tmp`, 'half')
  site.write(`state/staging/check-${pid}-0123456789ab.cfg`, 'half')
  site.write(`state/staging/maps-${pid}-0123456789ab/web-hosts.map`, 'half')
}

/** After one run that nobody kills. */
async function expectHealed(site: Site): Promise<void> {
  plantOrphans(site)
  changeStructure(site, 2)
  expect((await site.legate('reconcile', '--once')).code).toBe(0)
  const again = await site.legate('reconcile', '--once')
  expect(again).toMatchObject({ code: 0 })
  expect(again.stdout).toContain('in sync')
  const files = readdirSync(site.folder, { recursive: true, encoding: 'utf8' })
  expect(files.filter((name) => /\.tmp$|previous|rejected|edited|staging\//.test(name))).toEqual([])
  const config = site.read('haproxy.cfg')
  const maps = readdirSync(site.path('maps')).filter((name) => !config.includes(name))
  expect(maps).toEqual([])
  expect(JSON.parse(site.read('state/last-good.json'))).toMatchObject({
    sha256: expect.any(String) as string,
  })
  expect(await ask({ port: site.port, host: 'a.org' })).toMatchObject({ status: 200 })
  // Former workers have nothing left to do.
  await until(async () => (await site.seen()).pids.length === 2)
}
