/** The daemon's memory: what is written when, what is read again, what a clock may do to it, and its end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { daemonWorld, type DaemonWorld } from '../../src/cli/daemon-world.ts'
import type { SettingsValues } from '../../src/cli/settings.ts'
import { fail, ok } from '../../src/model/failure.ts'
import type { LastGood } from '../../src/model/snapshot.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { FRONTEND_YAML } from '../builders.ts'
import { fakeClock, settle, type FakeClock } from '../fakes/clock.ts'
import { fakeWorld, REFUSED, type FakeWorld } from '../reconcile/fake-world.ts'

interface Rig {
  readonly folder: string
  readonly base: FakeWorld
  readonly clock: FakeClock
  readonly daemon: DaemonWorld
  readonly saved: string[]
  readonly complaints: string[]
  readonly followed: (readonly string[])[]
  isDiskFull: boolean
}

async function makeRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'legate-world-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'site.yaml'), FRONTEND_YAML)
  const [saved, complaints, followed]: [string[], string[], (readonly string[])[]] = [[], [], []]
  const clock = fakeClock()
  const base = fakeWorld(FRONTEND_YAML, {
    saveLastGood: (good) => {
      if (rig.isDiskFull) return Promise.resolve(fail({ ...REFUSED, message: 'disk full' }))
      saved.push(good.revision)
      return Promise.resolve(ok(undefined))
    },
  })
  const values = {
    manifests: [folder],
    consul: { tokenFile: '/etc/legate/token', tls: {} },
  } as unknown as SettingsValues
  const daemon = await daemonWorld(base, {
    values,
    clock,
    catalog: base.catalog ?? { name: '', read: () => Promise.resolve(new Map()), close: settle },
    watch: { onChange: () => {}, follow: (paths) => void followed.push(paths), close: settle },
    onSaveFailed: (message) => complaints.push(message),
  })
  const rig: Rig = { folder, base, clock, daemon, saved, complaints, followed, isDiskFull: false }
  return rig
}

function aGood(revision: string, more: Partial<LastGood> = {}): LastGood {
  return { revision, sources: [], catalog: new Map(), emptySinceMs: new Map(), ...more }
}

test('the first change is written at once, those of the next five seconds together', async () => {
  const { daemon, clock, saved } = await makeRig()
  await daemon.world.saveLastGood(aGood('a'), undefined)
  await settle()
  expect(saved).toEqual(['a'])
  for (const revision of ['b', 'c', 'd'])
    await daemon.world.saveLastGood(aGood(revision), undefined)
  await clock.advance(4_999)
  expect(saved).toEqual(['a'])
  await clock.advance(1)
  expect(saved).toEqual(['a', 'd'])
  await clock.advance(60_000)
  expect(saved).toHaveLength(2)
})

test('what is the same is not written again; what is not written yet is, at the end', async () => {
  const { daemon, clock, saved } = await makeRig()
  await daemon.world.saveLastGood(aGood('a'), undefined)
  await clock.advance(10_000)
  await daemon.world.saveLastGood(aGood('a'), undefined)
  await clock.advance(10_000)
  expect(saved).toEqual(['a'])
  await daemon.world.saveLastGood(aGood('b'), undefined)
  await daemon.world.saveLastGood(aGood('c'), undefined)
  await daemon.close()
  expect(saved.at(-1)).toBe('c')
  expect(clock.waits).toEqual([])
})

test('a disk that is full is told once, and tried again until it is not', async () => {
  const rig = await makeRig()
  rig.isDiskFull = true
  await rig.daemon.world.saveLastGood(aGood('a'), undefined)
  await rig.clock.advance(20_000)
  expect(rig.complaints).toEqual(['disk full'])
  rig.isDiskFull = false
  await rig.clock.advance(5_000)
  expect(rig.saved).toEqual(['a'])
})

test('files are read once until they are forgotten; what changed meanwhile is read again', async () => {
  const { base, daemon, followed } = await makeRig()
  const needs = [{ path: '/etc/legate/a.pem', purpose: 'certificate' }] as never
  await daemon.world.readFiles(needs)
  await daemon.world.readFiles(needs)
  expect(base.calls).toEqual(['files'])
  expect(followed[0]).toEqual(['/etc/legate/a.pem', '/etc/legate/a.pem.key', '/etc/legate/token'])
  daemon.forgetFiles()
  const reading = daemon.world.readFiles(needs)
  daemon.forgetFiles()
  await reading
  await daemon.world.readFiles(needs)
  expect(base.calls).toEqual(['files', 'files', 'files'])
})

test('a jump of the date ends no hold; without one, the date is the date', async () => {
  const { daemon, clock } = await makeRig()
  clock.jumpDate(3_600_000)
  expect(daemon.world.now()).toBe(clock.dateMs())
  await daemon.world.saveLastGood(aGood('a', { emptySinceMs: new Map([['q', 1]]) }), undefined)
  const before = daemon.world.now()
  clock.jumpDate(86_400_000)
  await clock.advance(1000)
  expect(daemon.world.now()).toBe(before + 1000)
  await daemon.world.saveLastGood(aGood('b'), undefined)
  expect(daemon.world.now()).toBe(clock.dateMs())
})

test('at its end nothing more is applied', async () => {
  const { base, daemon } = await makeRig()
  daemon.end()
  const { readSources, readTemplates } = base
  const world = { ...daemon.world, readSources, readTemplates }
  const outcome = await pass(world, { until: 'applied' })
  expect(outcome.failure?.reason).toBe('interrupted')
  expect(base.calls).not.toContain('apply')
})

test('a file that is not text is an error, though the sources are the same; gone, it is none', async () => {
  const { daemon, folder, clock } = await makeRig()
  const errors = async (): Promise<number | undefined> => {
    daemon.forgetFiles()
    let isRead = false
    const reading = daemon.world.readSources().finally(() => (isRead = true))
    // Files are read when they are read; time stands still meanwhile.
    await vi.waitUntil(async () => {
      await clock.advance(60)
      return isRead
    })
    const read = await reading
    return read.ok ? read.value.diagnostics.length : undefined
  }
  expect(await errors()).toBe(0)
  writeFileSync(join(folder, 'utf16.yaml'), Buffer.from('//5hADoA', 'base64'))
  expect(await errors()).toBe(1)
  rmSync(join(folder, 'utf16.yaml'))
  expect(await errors()).toBe(0)
})
