/** Months of passes in a minute, one in five of them with a fault: nothing that a pass leaves behind piles up. */
import { expect, test } from 'vitest'
import { Loop } from '../../src/reconcile/loop.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { anInstance, backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import { heapInUse } from '../churn/children/heap-in-use.mjs'
import { inSoak, tell } from '../daemon/durations.ts'
import { fakeClock } from '../fakes/clock.ts'
import { FAILED, fakeWorld, type FakeWorld } from '../reconcile/fake-world.ts'
import { limits } from './outcomes.ts'

const PASSES = inSoak(100_000, 600)
/**
 * Bytes for each 1,000 passes. What V8 notes down about hot functions grows by about a byte a pass for hours;
 * a single object that each pass left behind would be sixteen. In a short run a megabyte comes once and stays;
 * every pass here has 20 kB of manifests of its own, so that it shows as well what is kept of them.
 */
const MOST_GROWTH = inSoak(1_024, 3_000_000)
const PADDING = `# ${'padding '.repeat(2_500)}\n`
const SAMPLES = 20

const YAML = [
  FRONTEND_YAML,
  routeYaml('api', [], '[{ backendRefs: [{ name: api }] }]'),
  backendYaml('api'),
  backendYaml('web'),
].join('')

/** Never the same twice. */
function becomeOther(world: FakeWorld, i: number): void {
  const instances = [1, 2, 3].map((n) =>
    anInstance({ id: `i-${n}`, port: 1000 + ((i * n) % 50_000) }),
  )
  const well = { state: 'answered', instances } as const
  world.answers = { api: i % 5 === 2 ? FAILED : well, web: well }
  const wrong = i % 5 === 3 ? `\n---\nkind: Wrong${i}\n` : ''
  world.sources = [{ path: 'site.yaml', text: `${YAML}\n# ${i}\n${PADDING}${wrong}` }]
  world.calls.length = 0
}

test(`${PASSES} passes`, { timeout: inSoak(3_600_000, 120_000) }, async () => {
  const world = fakeWorld(YAML)
  const clock = fakeClock()
  const results = new Map<string, number>()
  const bugs: string[] = []
  const loop = new Loop(
    {
      windows: { quietMs: 200, maxMs: 1000 },
      limits: { ...limits, reload: { ...limits.reload, quietMs: 0, everyMs: 1 } },
      departures: { share: 100, least: 3, holdMs: 30_000 },
      lookMs: 10_000,
      allow: { removal: true },
    },
    {
      clock,
      pass: (intent) => pass(world, intent),
      ended: () => undefined,
      emit: (event) => {
        if (event.type === 'bug') bugs.push(event.message)
        if (event.type === 'pass-ended')
          results.set(event.result, (results.get(event.result) ?? 0) + 1)
      },
    },
  )
  const heaps: number[] = []
  const before = { passes: 0 }
  const count = (): number => [...results.values()].reduce((sum, n) => sum + n, 0)
  for (let i = 0; count() < PASSES && bugs.length === 0; i += 1) {
    becomeOther(world, i)
    loop.trigger(`change ${i}`)
    await clock.advance(1500)
    if (count() - before.passes >= PASSES / SAMPLES) {
      before.passes = count()
      heaps.push(await heapInUse())
    }
  }
  await loop.stop()
  expect(bugs).toEqual([])
  const quarter = Math.floor(heaps.length / 4)
  const grown = Math.min(...heaps.slice(-quarter)) - Math.min(...heaps.slice(quarter, 2 * quarter))
  const perThousand = (grown / (PASSES / 2)) * 1000
  tell(
    `${PASSES} passes ${JSON.stringify([...results])}: ${perThousand.toFixed(0)} bytes a thousand`,
  )
  expect(results.get('applied')).toBeGreaterThan(PASSES / 4)
  expect(perThousand).toBeLessThan(MOST_GROWTH)
})
