/** kill -9 at each step of applying: the file on the disk is always whole, and the next run heals. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import type { Failpoint } from '../../src/haproxy/failpoint.ts'
import { pickPrevious } from '../../src/haproxy/journal.ts'
import { RULES } from '../plan/rules.ts'
import type { Sketch } from '../tools/bundle.ts'
import { freePort } from '../tools/free-port.ts'
import { failureOf, fetchWord, haproxy, makeRig, type Rig } from './rig.ts'

type Pieces = Omit<Sketch, 'statsSocket' | 'mapsDir'>

/** Applies in a process of its own, which kills itself at the point; gives the signal that ended it. */
async function applyAndDie(rig: Rig, sketch: Pieces, point: Failpoint): Promise<unknown> {
  const script = new URL('children/apply-once.ts', import.meta.url).pathname
  const env = { ...process.env, NODE_ENV: 'test', LEGATE_FAILPOINTS: `${point}:kill` }
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const { options } = rig
  child.stdin.end(serialize({ options, bundle: rig.bundle(sketch), rules: RULES }))
  const [, signal]: unknown[] = await once(child, 'exit')
  return signal
}

async function checkFile(rig: Rig): Promise<void> {
  await promisify(execFile)(rig.options.binary, ['-c', '-f', rig.options.configFile])
}

/** Routes by a map, so that there is a file beside the configuration; the description asks for a reload. */
function routed(port: number, word: string): Pieces {
  return {
    global: [`description ${word}`],
    sections: `frontend web\n  bind 127.0.0.1:${port}\n  http-request return status 200 content-type text/plain lf-string %[path,map(MAP(web-exact.map))]\n`,
    maps: { 'web-exact.map': `/ ${word}\n` },
  }
}

describe.skipIf(haproxy === undefined)('killed', () => {
  const points: Failpoint[] = [
    'after-maps',
    'before-rename',
    'after-rename',
    'after-reload',
    'after-proof',
  ]

  test.each(points)('%s', async (point) => {
    const rig = await makeRig()
    const port = await freePort()
    await rig.apply(rig.bundle(routed(port, 'one')))
    const two = rig.bundle(routed(port, 'two'))

    expect(await applyAndDie(rig, routed(port, 'two'), point)).toBe('SIGKILL')

    await checkFile(rig)
    expect(await rig.apply(two)).toMatchObject({ state: 'applied' })
    expect(await fetchWord(port)).toBe('two')
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(two.config)
    const three = rig.bundle(routed(port, 'three'))
    expect(await rig.apply(three)).toMatchObject({ action: 'reload' })
    expect(await readdir(rig.options.mapsDir)).toHaveLength(1)
    expect(existsSync(`${rig.options.stateDir}/previous.cfg`)).toBe(false)
  })

  test.each(['after-maps', 'before-rename', 'after-rename'] as const)(
    '%s, at the very first start',
    async (point) => {
      const rig = await makeRig()
      const port = await freePort()

      expect(await applyAndDie(rig, routed(port, 'one'), point)).toBe('SIGKILL')

      expect(await rig.apply(rig.bundle(routed(port, 'one')))).toMatchObject({ action: 'start' })
      expect(await fetchWord(port)).toBe('one')
    },
  )

  test.each(['after-rename', 'before-restore'] as const)(
    '%s, with a configuration that kills HAProxy: the next run knows the way back',
    async (point) => {
      const rig = (await makeRig()).with({ preflight: 'Off' })
      const port = await freePort()
      const good = rig.bundle(routed(port, 'one'))
      await rig.apply(good)
      const deadly = { ...routed(port, 'two'), global: [`chroot ${rig.folder}/nowhere`] }

      expect(await applyAndDie(rig, deadly, point)).toBe('SIGKILL')

      await checkFile(rig)
      const failure = failureOf(await rig.apply(rig.bundle(deadly)))
      expect(failure.rolledBack).toBe(true)
      expect(await fetchWord(port)).toBe('one')
      expect(await readFile(rig.options.configFile, 'utf8')).toBe(good.config)
      expect(await readdir(rig.options.mapsDir)).toHaveLength(1)
    },
  )
})

const stamped = (stamp: string): string => `global\n  set-var proc.legate_structure str(${stamp})\n`

interface Way {
  readonly onDisk?: string
  readonly saved?: string
  readonly runs?: { readonly structure: string | undefined }
  readonly back?: string
}
const [a, b] = [stamped('a'), stamped('b')]

test.each<[string, Way]>([
  ['the file runs', { onDisk: a, runs: { structure: 'a' }, back: a }],
  [
    'it runs, and an apply left something',
    { onDisk: a, saved: b, runs: { structure: 'a' }, back: a },
  ],
  ['what was saved runs', { onDisk: a, saved: b, runs: { structure: 'b' }, back: b }],
  ['nothing runs, an apply was killed', { onDisk: a, saved: b, back: b }],
  ['nothing runs, none was killed', { onDisk: a, back: a }],
  ['no stamp', { onDisk: 'global\n', saved: b, runs: { structure: undefined }, back: 'global\n' }],
  ['there is nothing', {}],
])('the way back: %s', (_, { onDisk, saved, runs, back }) => {
  expect(pickPrevious(onDisk, saved, runs)).toBe(back)
})
