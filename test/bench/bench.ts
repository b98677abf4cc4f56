/* oxlint-disable no-console, no-await-in-loop -- one thing after another, and the result on the screen */
/**
 * What Legate costs, side by side with the bare minimum, in one run: medians, ratios and the limits they must keep.
 * `--start`, `--idle`, `--report`, `--contest` measure only that: all of it takes three quarters of an hour.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findHaproxy } from '../tools/binaries.ts'
import { startConsul } from '../tools/consul-agent.ts'
import { HEADING, runContest } from './contest.ts'
import { measureIdle } from './idle.ts'
import { judgeContest } from './judge-contest.ts'
import { judgeReport, printReport } from './judge-report.ts'
import { measureReport } from './report.ts'
import { makeSiteFiles, MANIFESTS, ROOT, startWebServer, writeSettings } from '../tools/site.ts'

const ROUNDS = 7
/** Beside other things that are made and not kept. */
const RESULTS = join(ROOT, '.cache/bench.json')
const folder = mkdtempSync(join(tmpdir(), 'legate-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const config = join(folder, 'legate.yaml')
const legate = [process.execPath, join(ROOT, 'dist/cli/main.js')]

interface Row {
  readonly name: string
  readonly ms: number
}

const haproxy = await findHaproxy({ fetch: true })
if (haproxy === undefined) throw new Error('no HAProxy')
if (isAsked('start')) await measureStart(haproxy)
if (isAsked('idle')) await idle(haproxy)
if (isAsked('report')) await report(haproxy)
if (isAsked('contest')) await contest(haproxy)

function isAsked(section: string): boolean {
  const asked = process.argv.slice(2)
  return asked.length === 0 || asked.includes(`--${section}`)
}

async function measureStart(program: string): Promise<void> {
  const consul = await startConsul()
  const servers = await Promise.all(['api-1', 'api-2', 'web-1', 'web-2'].map(startWebServer))
  try {
    mkdirSync(join(folder, 'files'))
    await makeSiteFiles(join(folder, 'files'))
    for (const { id, port } of servers)
      await consul.register({ service: id.slice(0, 3), id, port, address: '127.0.0.1' })
    writeSettings(config, {
      manifests: [MANIFESTS],
      filesRoot: join(folder, 'files'),
      stateDir: join(folder, 'state'),
      consul: { address: consul.address },
      haproxy: { hold: 'supervise', binary: program, settle: '200ms' },
    })
    run([...legate, 'reconcile', '--once', '--config', config])
    start(program)
  } finally {
    run([...legate, 'stop', '--config', config])
    for (const { child } of servers) child.kill('SIGKILL')
    await consul.stop()
  }
}

function start(program: string): void {
  const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
    ['node -e 0', [process.execPath, '-e', '0']],
    ['legate validate manifests', [...legate, 'validate', MANIFESTS]],
    ['legate reconcile --once, in sync', [...legate, 'reconcile', '--once', '--config', config]],
    ['haproxy -c', [program, '-c', '-f', join(folder, 'state/haproxy/haproxy.cfg')]],
  ]
  const [bare, validate, reconcile, check] = measure(commands)
  if (!bare || !validate || !reconcile || !check) throw new Error('not measured')
  console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? ''}, Node ${process.version}`)
  console.log(`medians of ${ROUNDS}, taken in turns\n`)
  for (const { name, ms } of [bare, validate, reconcile, check])
    console.log(`${name.padEnd(34)} ${ms.toFixed(0).padStart(6)} ms  ${(ms / bare.ms).toFixed(1)}x`)
  // An in-sync pass asks HAProxy nothing that `haproxy -c` would answer, so nothing is taken off.
  judge('validate', validate.ms / bare.ms, 7)
  judge('reconcile in sync', reconcile.ms / bare.ms, 10)
}

/** In turns, so that a busy moment of the machine meets all of them. */
function measure(commands: readonly (readonly [string, readonly string[]])[]): Row[] {
  const times = commands.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [i, [, argv]] of commands.entries()) times[i]?.push(run(argv))
  return commands.map(([name], i) => ({ name, ms: median(times[i] ?? []) }))
}

function run(argv: readonly string[]): number {
  const begin = performance.now()
  const [program = '', ...args] = argv
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - begin
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function judge(what: string, ratio: number, most: number): void {
  const verdict = held(ratio <= most)
  console.log(`
${what}: ${ratio.toFixed(1)} times a bare node, at most ${most}: ${verdict}`)
}

async function idle(program: string): Promise<void> {
  const { cpuPercent, rssMb } = await measureIdle(program)
  console.log(`\nidle daemon, 1,000 services of 10 instances over HTTPS:`)
  console.log(`${cpuPercent.toFixed(2)} % of one core, below 2: ${held(cpuPercent < 2)}`)
  console.log(`${rssMb.toFixed(0)} MB RSS, below 120: ${held(rssMb < 120)}\n`)
}

async function report(program: string): Promise<void> {
  const cost = await measureReport(program)
  const verdicts = judgeReport(cost)
  for (const line of printReport(cost)) console.log(line)
  for (const { text, held: isHeld } of verdicts) console.log(`${text}: ${held(isHeld)}`)
  keep({ report: { machine: machine(), ...cost, verdicts } })
}

async function contest(program: string): Promise<void> {
  console.log(HEADING)
  const results = await runContest(program)
  const verdicts = judgeContest(results)
  for (const { text, held: isHeld } of verdicts) console.log(`${text}: ${held(isHeld)}`)
  keep({ machine: machine(), ...results, verdicts })
}

function machine(): object {
  return { cores: cpus().length, cpu: cpus()[0]?.model ?? '', node: process.version }
}

/** Sections that were not measured this time stay as they are. */
function keep(section: object): void {
  const before: unknown = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {}
  const results = { ...(before as object), ...section }
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
  console.log(`as JSON: ${RESULTS}`)
}

function held(isHeld: boolean): string {
  if (!isHeld) process.exitCode = 1
  return isHeld ? 'held' : 'BROKEN'
}
