/** Somebody changes what Legate left, by hand: it is found, named, counted, and reverted, reported or adopted. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runCommands } from '../../src/haproxy/cli.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import type { Daemon, DaemonSite } from '../daemon/rig.ts'
import { makeDaemonSite, putWebs, startDaemon } from '../daemon/rig.ts'
import { remove } from '../daemon/services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

interface Running {
  readonly site: DaemonSite
  readonly daemon: Daemon
  /** A command to the worker, as a person would give it. */
  readonly tell: (command: string) => Promise<string>
  /** Names of the servers in the process. */
  readonly servers: () => Promise<string[]>
}

async function runWith(
  app: string,
  changes: Parameters<typeof makeDaemonSite>[2] = {},
): Promise<Running> {
  await putWebs(consul, app, [1, 2, 3])
  const site = await makeDaemonSite(
    consul,
    (s) => plainFrontend(s) + consulBackend('app', app),
    changes,
  )
  const daemon = await startDaemon(site)
  await daemon.servers('app', 3)
  const tell = async (command: string): Promise<string> => {
    const options = { timeoutMs: 5000, target: '@1' } as const
    const answer = await runCommands(site.path('m.sock'), [command], options)
    if (!answer.ok) throw new Error(answer.failure.message)
    return answer.value[0] ?? ''
  }
  const servers = async (): Promise<string[]> =>
    (await tell('show servers state app'))
      .split('\n')
      .filter((line) => /^\d+ app /.test(line))
      .map((line) => line.split(' ')[3] ?? '')
  // Where Consul was late, they came into the process first: the file follows.
  await expect.poll(() => site.read('haproxy.cfg').match(/^ {4}server /gm)).toHaveLength(3)
  return { site, daemon, tell, servers }
}

async function column(run: Running, server: string, index: number): Promise<string> {
  const state = await run.tell('show servers state app')
  return (
    state
      .split('\n')
      .find((line) => line.includes(` ${server} `))
      ?.split(' ')[index] ?? ''
  )
}

const ADDRESS = 4
const ADMIN = 6
const WEIGHT = 7

describe.skipIf(haproxy === undefined || shared === undefined)('drift', () => {
  test('of the process is reverted: weight, address, a server added and a server taken away', async () => {
    const run = await runWith('drift-live')
    const { daemon, tell } = run
    const [one = '', two = '', three = ''] = await run.servers()
    await tell(`set server app/${one} weight 1`)
    await daemon.logged(`drift (weights): server app/${one} has another weight`)
    await expect.poll(() => column(run, one, WEIGHT)).toBe('100')
    await tell(`set server app/${two} addr 127.0.0.9`)
    await daemon.logged(`drift (addresses): server app/${two} has another address`)
    // It leaves, rests and comes back.
    await expect.poll(() => column(run, two, ADDRESS), { timeout: 20_000 }).toBe('127.0.0.1')
    await tell('add server app/stranger 127.0.0.1:9')
    await tell('set server app/stranger state ready')
    await daemon.logged('drift (servers): server app/stranger was added by somebody else')
    await expect
      .poll(async () => (await run.servers()).toSorted(), { timeout: 20_000 })
      .toEqual([one, two, three].toSorted())
    await tell(`set server app/${three} state maint`)
    await tell(`del server app/${three}`)
    await daemon.logged(`drift (servers): server app/${three} is missing`)
    await expect
      .poll(async () => (await run.servers()).toSorted())
      .toEqual([one, two, three].toSorted())
    await daemon.logged('no longer drifted (servers)')
    const text = await daemon.metrics()
    expect(text).toMatch(/legate_drift_[a-z_]*\{kind="weights"[^}]*\} [1-9]/)
    expect((await run.site.seen()).reloads).toBe(0)
  })

  test('of the process is left where it is only to be reported, and Consul still has its way', async () => {
    const run = await runWith('drift-report', { drift: { live: 'Report' } })
    const [one = ''] = await run.servers()
    await run.tell(`set server app/${one} weight 1`)
    await run.daemon.until((s) =>
      s.drift.some((d) => d.kind === 'weights' && d.policy === 'Report'),
    )
    await pause(1500)
    expect(await column(run, one, WEIGHT)).toBe('1')
    await putWebs(consul, 'drift-report', [4])
    await run.daemon.servers('app', 4)
    await expect.poll(run.servers).toHaveLength(4)
    await run.tell(`set server app/${one} weight 100`)
    await run.daemon.until((s) => s.drift.length === 0)
  })

  test('maintenance by hand is adopted for its time, then ended', async () => {
    const run = await runWith('drift-admin', { drift: { adoptFor: '3s' } })
    const [one = ''] = await run.servers()
    await run.tell(`set server app/${one} state maint`)
    await run.daemon.logged(`drift (admin): server app/${one} was set to maintenance by hand`)
    await pause(1000)
    expect(await column(run, one, ADMIN)).toBe('1')
    await expect.poll(() => column(run, one, ADMIN), { timeout: 8000 }).toBe('0')
    await run.daemon.until((s) => s.drift.length === 0)
  })

  test('maintenance by hand is ended at once where the policy says so', async () => {
    const run = await runWith('drift-revert', { drift: { admin: 'Revert' } })
    const [one = ''] = await run.servers()
    await run.tell(`set server app/${one} state drain`)
    await run.daemon.logged(`drift (admin): server app/${one} was set to drain by hand`)
    await expect.poll(() => column(run, one, ADMIN)).toBe('0')
  })

  test('of the file is reverted, with a copy of the edited one', async () => {
    const { site, daemon } = await runWith('drift-file', { loop: { look: '60s' } })
    const ours = readFileSync(site.configFile, 'utf8')
    writeFileSync(site.configFile, ours.replace('balance roundrobin', 'balance leastconn'))
    await daemon.logged(
      /drift \(file\): .* was changed by hand \(at .*; the file is of (user|uid) /,
    )
    await expect.poll(() => readFileSync(site.configFile, 'utf8')).toBe(ours)
    expect(readFileSync(`${site.configFile}.edited`, 'utf8')).toContain('balance leastconn')
    expect((await site.seen()).reloads).toBe(0)
  })

  test('of the file is left where it is only to be reported', async () => {
    const { site, daemon } = await runWith('drift-left', { drift: { file: 'Report' } })
    const ours = readFileSync(site.configFile, 'utf8')
    writeFileSync(site.configFile, `${ours}# a note\n`)
    await daemon.until((s) => s.drift.some((d) => d.kind === 'file'))
    await pause(1200)
    expect(readFileSync(site.configFile, 'utf8')).toContain('# a note')
    await putWebs(consul, 'drift-left', [4])
    await daemon.servers('app', 4)
    await expect.poll(() => readFileSync(site.configFile, 'utf8')).not.toContain('# a note')
  })

  test('a process that was started from another file is reloaded with ours', async () => {
    const { site, daemon } = await runWith('drift-process')
    const ours = readFileSync(site.configFile, 'utf8')
    const other = ours.replace(/^ {4}set-var proc\.legate_structure .*$/m, '')
    writeFileSync(site.configFile, other)
    const reload = await runCommands(site.path('m.sock'), ['reload'], {
      timeoutMs: 5000,
    })
    expect(reload.ok).toBe(true)
    await daemon.logged(
      'drift (process): HAProxy runs a configuration that is not of Legate',
      20_000,
    )
    await daemon.until((s) => s.sync === 'InSync' && s.drift.length === 0, 20_000)
    expect(readFileSync(site.configFile, 'utf8')).toBe(ours)
  })

  test('map entries are put back', async () => {
    const run = await runWith('drift-map')
    const list = await run.tell('show map')
    const path = /\((\S*-targets\.[0-9a-f]{16}\.map)\)/.exec(list)?.[1] ?? ''
    const before = await run.tell(`show map ${path}`)
    const key = before.split('\n')[0]?.split(' ')[1] ?? ''
    await run.tell(`set map ${path} ${key} elsewhere`)
    await run.daemon.logged('drift (maps)')
    const entries = async (): Promise<string[]> =>
      (await run.tell(`show map ${path}`))
        .split('\n')
        .map((line) => line.split(' ').slice(1).join(' '))
    await expect
      .poll(entries)
      .toEqual(before.split('\n').map((line) => line.split(' ').slice(1).join(' ')))
  })

  test('is only reported by a daemon that only detects, and nothing is touched', async () => {
    const { site, daemon, tell, servers } = await runWith('drift-detect')
    await daemon.stop()
    const watcher = await startDaemon(site, { args: ['--detect-only'] })
    await watcher.until((s) => s.sync === 'Suspended')
    const [one = ''] = await servers()
    const ours = readFileSync(site.configFile, 'utf8')
    await tell(`set server app/${one} weight 1`)
    await watcher.logged(`drift (weights): server app/${one} has another weight`)
    await putWebs(consul, 'drift-detect', [4])
    await watcher.until((s) => s.drift.some((d) => d.kind === 'servers'))
    await pause(1000)
    expect(await servers()).toHaveLength(3)
    expect(readFileSync(site.configFile, 'utf8')).toBe(ours)
    await tell(`set server app/${one} weight 100`)
    await watcher.logged(`no longer drifted (weights)`)
  })

  test('two HAProxys cannot share a port: the kernel refuses the second one', async () => {
    const { site } = await runWith('drift-shared')
    const config = site.path('second.cfg')
    const defaults = 'defaults\n mode http\n timeout client 1s\n'
    writeFileSync(config, `${defaults}frontend f\n bind 127.0.0.1:${site.port}\n`)
    const second = spawnSync(haproxy ?? '', ['-db', '-f', config], { timeout: 20_000 })
    expect(second.status).toBe(1)
    expect(second.stderr.toString()).toContain('cannot bind socket')
  })

  test('a plan tells how many sessions are at stake', async () => {
    const { site, daemon } = await runWith('drift-plan')
    await daemon.stop()
    await remove(consul, 'drift-plan-1')
    const { stdout } = await site.legate('plan')
    expect(stdout).toContain('Action: runtime')
    expect(stdout).toMatch(/> set server app\/i-[0-9a-f-]+ state drain \(0 sessions go on\)/)
  })
})
