/** People and tools at the manifests: every way to save, half files, files that are none, swaps and checkouts, with a daemon at work. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import corpus from '../fixtures/injection-corpus.json' with { type: 'json' }
import { backend, plainFrontend, staticBackend } from '../e2e/manifests.ts'
import { haproxy } from '../e2e/rig.ts'
import { startWeb } from '../e2e/web.ts'
import { inSoak, tell } from './durations.ts'
import type { Daemon, DaemonSite } from './rig.ts'
import { expectClean, makeDaemonSite, only, startDaemon, underLoad } from './rig.ts'

const NO_CONSUL = { address: 'http://127.0.0.1:9' }

async function makeStaticSite(app: string): Promise<{ site: DaemonSite; daemon: Daemon }> {
  const port = await startWeb(`${app}-1`)
  // What is removed here is removed on purpose.
  const site = await makeDaemonSite(
    NO_CONSUL,
    (s) => plainFrontend(s) + staticBackend('app', { one: port }),
    { guards: { totalShare: 100 } },
  )
  const daemon = await startDaemon(site)
  await daemon.servers('app', 1)
  return { site, daemon }
}

/** A backend that says which generation it is of. */
function generation(name: string, number: number): string {
  const source = `source: { static: { servers: [{ name: g${number}, address: 127.0.0.1, port: 9 }] } }`
  return backend(name, [source]).slice('---\n'.length)
}

/** Generations that stand in a configuration together. */
function generationsIn(config: string): string[] {
  const found = [...config.matchAll(/^ +server (g\d+) /gm)].map((match) => match[1] ?? '')
  return [...new Set(found)]
}

function start(program: string, ...args: readonly string[]): void {
  execFileSync(program, args)
}

function git(folder: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org']
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' })
}

interface BadFile {
  readonly id: string
  readonly put: (path: string) => void
}

const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'

const bad: readonly BadFile[] = [
  ...corpus.files.flatMap((file: { id: string; text?: string; base64?: string }): BadFile[] => {
    const { id, text, base64 } = file
    const bytes = base64 === undefined ? text : Buffer.from(base64, 'base64')
    // Comments alone are a file for later; a mark in front of a file is allowed.
    if (bytes === undefined || id === 'yaml-empty') return []
    return [{ id, put: (path) => writeFileSync(path, bytes) }]
  }),
  { id: 'git-lfs', put: (path) => writeFileSync(path, LFS) },
  { id: 'yaml-fifo', put: (path) => start('mkfifo', path) },
  { id: 'dangling-link', put: (path) => symlinkSync('/nowhere/at/all', path) },
  { id: 'two-mebibytes', put: (path) => writeFileSync(path, '# much\n'.repeat(300_000)) },
  { id: 'deep', put: (path) => writeFileSync(path, `${'['.repeat(900)}${']'.repeat(900)}`) },
]

async function timed(run: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await run()
  return performance.now() - beganMs
}

describe.skipIf(haproxy === undefined)('manifests', () => {
  test('mistakes, saved in every way, are told within a second, and so is that they are mended', async () => {
    const app = 'saved'
    const { site, daemon } = await makeStaticSite(app)
    const good = site.read('manifests/site.yaml')
    const path = site.path('manifests/site.yaml')
    const replaced = (text: string): void => {
      writeFileSync(`${path}.swp`, text)
      renameSync(`${path}.swp`, path)
    }
    const movedAway = (text: string): void => {
      renameSync(path, `${path}~`)
      writeFileSync(path, text)
      rmSync(`${path}~`)
    }
    const ways = { written: (text: string) => writeFileSync(path, text), replaced, movedAway }
    const seen = await underLoad(site, [only(app)], async () => {
      const all: { readonly told: number[]; readonly mended: number[] } = { told: [], mended: [] }
      for (const [name, save] of Object.entries(ways))
        for (const mistake of ['rulez', 'rulex', 'ruley']) {
          save(good.replace('rules:', `${mistake}:`))
          // Of this mistake, and not of the one before.
          const told = await timed(() =>
            daemon.until((s) => s.diagnostics.some((d) => d.message.includes(mistake)), 5000),
          )
          const { sync, held } = await daemon.status()
          expect({ name, sync }).toEqual({ name, sync: 'Held' })
          expect(held?.revision).toMatch(/^[0-9a-f]{64}$/)
          save(good)
          const mended = await timed(() => daemon.until((s) => s.sync === 'InSync', 5000))
          all.told.push(told)
          all.mended.push(mended)
        }
      tell(
        `a mistake is told after ${Math.max(...all.told).toFixed(0)} ms at the most, mended after ${Math.max(...all.mended).toFixed(0)}`,
      )
      // A machine that stands still for a moment spoils one of the nine, and not two.
      for (const times of [all.told, all.mended])
        expect(times.toSorted((a, b) => b - a)[1]).toBeLessThan(1000)
    })
    expectClean(seen)
    // The file that serves has never changed.
    expect(seen.changes).toBe(0)
  })

  test('a file that is written bit by bit is read when it is whole', async () => {
    const app = 'bit-by-bit'
    const { site, daemon } = await makeStaticSite(app)
    const more = Array.from({ length: 12 }, (_, i) => generation(`more-${i}`, 7))
    let longestMs = 0
    const seen = await underLoad(site, [only(app)], async () => {
      let wroteMs = performance.now()
      for (let i = 1; i <= more.length; i += 1) {
        const half = i === more.length ? '' : 'apiVersion: leg'
        site.write('manifests/more.yaml', more.slice(0, i).join('---\n') + half)
        longestMs = Math.max(longestMs, performance.now() - wroteMs)
        wroteMs = performance.now()
        await pause(30)
      }
      await daemon.until((s) => s.backends.length === 13 && s.sync === 'InSync')
    })
    expectClean(seen)
    expect(seen.changes).toBe(1)
    // Whoever pauses for longer than two looks take has saved a half file, which is then held.
    expect({ longestMs, isHeld: longestMs < 55 && daemon.log.includes('held') }).toEqual({
      longestMs,
      isHeld: false,
    })
  })

  test('files that are no manifests: told within a second each, nothing changes, all heals', async () => {
    const app = 'no-manifests'
    const { site, daemon } = await makeStaticSite(app)
    const place = site.path('manifests/zz.yaml')
    const slow: string[] = []
    const seen = await underLoad(site, [only(app)], async () => {
      for (const { id, put } of bad) {
        put(place)
        const told = await timed(() =>
          daemon.until((s) => s.sync === 'Held' && s.held !== undefined, 5000),
        )
        if (told >= 1000) slow.push(`${id}: ${told.toFixed(0)} ms`)
        rmSync(place)
        await daemon.until((s) => s.sync === 'InSync')
      }
    })
    expectClean(seen)
    expect(slow).toEqual([])
    expect(seen.changes).toBe(0)
    expect(daemon.log.match(/ is held/g)).toHaveLength(bad.length)
    expect(daemon.peakMemoryMiB).toBeLessThan(200)
  })

  test('a mounted ConfigMap swaps while it is read: never two generations at once', async () => {
    const app = 'swap'
    const { site, daemon } = await makeStaticSite(app)
    const swaps = inSoak(1000, 60)
    const folder = site.path('manifests')
    const swapTo = (number: number): void => {
      const name = `..data-${number}`
      mkdirSync(`${folder}/${name}`)
      for (const file of ['a', 'b', 'c'])
        writeFileSync(`${folder}/${name}/${file}.yaml`, generation(`gen-${file}`, number))
      symlinkSync(name, `${folder}/..data_tmp`)
      renameSync(`${folder}/..data_tmp`, `${folder}/..data`)
      rmSync(`${folder}/..data-${number - 1}`, { recursive: true, force: true })
    }
    swapTo(0)
    for (const file of ['a', 'b', 'c']) symlinkSync(`..data/${file}.yaml`, `${folder}/${file}.yaml`)
    await daemon.until((s) => s.backends.length === 4 && s.sync === 'InSync')
    const seen = await underLoad(site, [only(app)], async () => {
      for (let i = 1; i <= swaps; i += 1) {
        swapTo(i)
        await pause(i % 5 === 0 ? 150 : 10)
      }
      await expect
        .poll(() => generationsIn(site.read('haproxy.cfg')), { timeout: 15_000 })
        .toEqual([`g${swaps}`])
      await daemon.until((s) => s.sync === 'InSync')
    })
    expectClean(seen)
    const mixed = [...seen.contents.values()].map(generationsIn).filter((all) => all.length !== 1)
    expect(mixed).toEqual([])
    expect(seen.changes).toBeGreaterThan(1)
    expect(daemon.log).not.toContain('is held')
  }, 300_000)

  test('git checks out other commits: each is read whole, and the last one counts', async () => {
    const app = 'checkout'
    const { site, daemon } = await makeStaticSite(app)
    const [files, checkouts] = inSoak([1000, 40], [120, 6])
    const folder = site.path('manifests')
    git(folder, 'init', '-q')
    for (const number of [1, 2]) {
      for (let i = 0; i < files; i += 1)
        site.write(`manifests/f/${i}.yaml`, generation(`gen-${i}`, number))
      git(folder, 'add', '-A')
      git(folder, 'commit', '-q', '-m', `g${number}`)
      git(folder, 'tag', `g${number}`)
    }
    const arrived = async (number: number): Promise<void> => {
      await expect
        .poll(() => generationsIn(site.read('haproxy.cfg')), { timeout: 30_000 })
        .toEqual([`g${number}`])
      await daemon.until((s) => s.sync === 'InSync', 30_000)
    }
    await arrived(2)
    const seen = await underLoad(site, [only(app)], async () => {
      for (let i = 1; i <= checkouts; i += 1) {
        git(folder, 'checkout', '-q', `g${1 + (i % 2)}`)
        if (i % 3 === 0) await arrived(1 + (i % 2))
      }
      await arrived(1 + (checkouts % 2))
    })
    expectClean(seen)
    const mixed = [...seen.contents.values()].map(generationsIn).filter((all) => all.length !== 1)
    expect(mixed).toEqual([])
    expect(daemon.log).not.toContain('is held')
    const { revision } = await daemon.status()
    expect(revision.git).toMatch(/^[0-9a-f]{7,}/)
  }, 600_000)
})
