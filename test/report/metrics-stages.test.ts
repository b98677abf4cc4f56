/** A world that is watched behaves as before, and tells how long its ports and what lies between them took. */
import { expect, test } from 'vitest'
import { witnessOf } from '../../src/cli/witness.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Actual } from '../../src/model/actual.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { World } from '../../src/reconcile/world.ts'

const BUNDLE = {} as Bundle
const ACTUAL = {} as Actual
const PLAN = {} as Plan

/** Lets everything else go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function slowWorld(): {
  readonly world: World
  readonly now: () => number
  take(ms: number): void
} {
  let atMs = 0
  const taking = (ms: number, value: unknown) => async (): Promise<never> => {
    // Those that run together begin before any of them goes on, and end one after the other.
    // oxlint-disable-next-line no-await-in-loop -- turns are taken one by one
    for (let i = 0; i < ms; i += 1) await turn()
    atMs += ms
    return value as never
  }
  const world = {
    readSources: taking(1, 'sources'),
    readTemplates: taking(2, 'templates'),
    readLastGood: taking(4, 'good'),
    catalog: { name: 'consul', read: taking(8, 'catalog'), close: taking(0, undefined) },
    readFiles: taking(16, 'files'),
    saveLastGood: taking(1024, 'saved'),
    hold: {
      mode: 'supervise',
      observe: taking(32, 'actual'),
      check: taking(64, { state: 'accepted', messages: [] }),
      apply: taking(128, 'applied'),
    },
  } as unknown as World
  return {
    world,
    now: () => atMs,
    take: (ms) => {
      atMs += ms
    },
  }
}

test('each stage has its own time, and the pure ones what lies between', async () => {
  const { world, now, take } = slowWorld()
  const witness = witnessOf(world, now)
  const { readSources, readTemplates, readLastGood, catalog, readFiles, hold } = witness.world
  witness.begin()
  expect(await Promise.all([readSources(), readTemplates(), readLastGood()])).toEqual([
    'sources',
    'templates',
    'good',
  ])
  take(0.5)
  expect(await Promise.all([catalog?.read([]), readFiles([])])).toEqual(['catalog', 'files'])
  take(0.25)
  await readTemplates()
  take(0.25)
  expect(await hold?.observe(BUNDLE)).toBe('actual')
  take(0.125)
  await hold?.check(BUNDLE)
  take(0.125)
  expect(await hold?.apply(BUNDLE, PLAN, ACTUAL)).toBe('applied')
  await witness.world.saveLastGood({} as never, undefined)
  const { stages, checks, applies, files } = witness.end()
  expect(applies).toEqual([{ plan: PLAN, applied: 'applied' }])
  expect(Object.fromEntries(stages)).toEqual({
    load: 9,
    validate: 0.5,
    consul: 24,
    render: 0.5,
    observe: 32,
    plan: 0.25,
    check: 64,
    apply: 1152,
  })
  expect(checks).toEqual([{ state: 'accepted', messages: [] }])
  expect(files).toEqual({ needs: [], found: 'files' })
})

test('the next pass begins at nothing; a port that throws ends its stage', async () => {
  const { world, now, take } = slowWorld()
  const failing = { ...world, readSources: () => Promise.reject(new Error('bug')) }
  const witness = witnessOf(failing, now)
  witness.begin()
  await witness.world.hold?.check(BUNDLE)
  await witness.world.hold?.apply(BUNDLE, PLAN, ACTUAL)
  witness.end()
  witness.begin()
  await expect(witness.world.readSources()).rejects.toThrow('bug')
  take(3)
  expect(witness.end()).toEqual({
    stages: new Map([
      ['load', 0],
      ['validate', 3],
    ]),
    checks: [],
    applies: [],
  })
})

test('every port gets what it was given, be it more than is known here', async () => {
  type Port = (...args: unknown[]) => Promise<unknown>
  const told: unknown[] = []
  const port = (name: string): Port => {
    return (...args) => {
      told.push([name, ...args])
      return Promise.resolve({ state: 'accepted', messages: [] })
    }
  }
  const names = ['readSources', 'readTemplates', 'readFiles', 'readLastGood', 'saveLastGood']
  const holds = ['observe', 'check', 'apply']
  const portsOf = (all: readonly string[]): object =>
    Object.fromEntries(all.map((name) => [name, port(name)]))
  const catalog = { name: 'consul', ...portsOf(['read', 'close']) }
  const world = { ...portsOf(names), catalog, hold: portsOf(holds) } as unknown as World
  const watched = witnessOf(world, () => 0).world
  const call = (of: unknown, name: string): Promise<unknown> =>
    (of as Record<string, Port>)[name]?.(1, 2, 3, 4) ?? Promise.reject(new Error(name))
  for (const name of names) await call(watched, name)
  for (const name of holds) await call(watched.hold, name)
  await call(watched.catalog, 'read')
  expect(told).toEqual([...names, ...holds, 'read'].map((name) => [name, 1, 2, 3, 4]))
})
