/* oxlint-disable no-console, no-await-in-loop -- one thing after another, and the result on the screen */
/** What Legate costs, side by side with the bare minimum, in one run: medians, ratios and the limits they must keep. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findHaproxy } from '../tools/binaries.ts'
import { startConsul } from '../tools/consul-agent.ts'
import { HEADING, runContest } from './contest.ts'
import { measureIdle } from './idle.ts'
import { judgeContest } from './judge-contest.ts'
import { makeSiteFiles, MANIFESTS, ROOT, startWebServer, writeSettings } from '../tools/site.ts'

const ROUNDS = 7
/** Of the contest, beside other things that are made and not kept. */
const RESULTS = join(ROOT, '.cache/bench.json')
const folder = mkdtempSync(join(tmpdir(), 'legate-bench-'))
const config = join(folder, 'legate.yaml')
const legate = [process.execPath, join(ROOT, 'dist/cli/main.js')]

interface Row {
  readonly name: string
  readonly ms: number
}

const haproxy = await findHaproxy({ fetch: true })
const consul = await startConsul()
if (haproxy === undefined) throw new Error('no HAProxy')
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
    haproxy: { hold: 'supervise', binary: haproxy, settle: '200ms' },
  })
  run([...legate, 'reconcile', '--once', '--config', config])
  report()
} finally {
  run([...legate, 'stop', '--config', config])
  for (const { child } of servers) child.kill('SIGKILL')
  await consul.stop()
  rmSync(folder, { recursive: true, force: true })
}

function report(): void {
  const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
    ['node -e 0', [process.execPath, '-e', '0']],
    ['legate validate manifests', [...legate, 'validate', MANIFESTS]],
    ['legate reconcile --once, in sync', [...legate, 'reconcile', '--once', '--config', config]],
    ['haproxy -c', [haproxy ?? '', '-c', '-f', join(folder, 'state/haproxy/haproxy.cfg')]],
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

// `npm run bench -- --start` ends here: the rest takes a quarter of an hour.
if (!process.argv.includes('--start')) {
  const idle = await measureIdle(haproxy)
  console.log(`\nidle daemon, 1,000 services of 10 instances over HTTPS:`)
  console.log(`${idle.cpuPercent.toFixed(2)} % of one core, below 2: ${held(idle.cpuPercent < 2)}`)
  console.log(`${idle.rssMb.toFixed(0)} MB RSS, below 120: ${held(idle.rssMb < 120)}\n`)
  await contest(haproxy)
}

async function contest(program: string): Promise<void> {
  console.log(HEADING)
  const rows = await runContest(program)
  const verdicts = judgeContest(rows)
  for (const { text, held: isHeld } of verdicts) console.log(`${text}: ${held(isHeld)}`)
  const [cpu] = cpus()
  const machine = { cores: cpus().length, cpu: cpu?.model ?? '', node: process.version }
  writeFileSync(RESULTS, `${JSON.stringify({ machine, rows, verdicts }, undefined, 2)}\n`)
  console.log(`as JSON: ${RESULTS}`)
}

function held(isHeld: boolean): string {
  if (!isHeld) process.exitCode = 1
  return isHeld ? 'held' : 'BROKEN'
}
