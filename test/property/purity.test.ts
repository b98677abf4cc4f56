/** The pure stages neither change what they are given nor throw, whatever it is. */
import { RULES } from '../plan/rules.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../src/compile/compile.ts'
import { needsOf } from '../../src/compile/needs.ts'
import { parseManifests } from '../../src/manifest/manifest.ts'
import type { Catalog } from '../../src/model/catalog.ts'
import { queryKey } from '../../src/model/catalog.ts'
import { hasErrors } from '../../src/model/diagnostic.ts'
import { plan } from '../../src/plan/plan.ts'
import { asIfApplied } from '../../src/reconcile/compare.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { locateReasons } from '../../src/reconcile/reasons.ts'
import { render } from '../../src/render/render.ts'
import { hostile } from '../render/corpus.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'
import type { Site } from './arbitrary-site.ts'
import { site } from './arbitrary-site.ts'

/** The value itself, which nobody can change any more: a change throws, as modules are strict. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map || value instanceof Set) {
    const refuse = (): never => {
      throw new TypeError('a frozen collection was changed')
    }
    Object.assign(value, { set: refuse, add: refuse, delete: refuse, clear: refuse })
  }
  // Frozen first, so that what contains itself comes to an end.
  Object.freeze(value)
  const inside = value instanceof Map ? [...value].flat() : Object.values(value)
  for (const item of inside) frozen(item)
  return value
}

function catalogOf(
  queries: ReturnType<typeof needsOf>['queries'],
  answers: Site['answers'],
): Catalog {
  return new Map(
    queries.map((query) => [
      queryKey(query),
      { query, answer: answers[query.service] ?? { state: 'answered', instances: [] } },
    ]),
  )
}

/** All stages on frozen values, one after the other. */
function runFrozen({ documents, answers }: Site, before: Site): void {
  const { schemas, templates, layout, compileSettings } = fakeWorld('')
  const bundleOf = (from: Site) => {
    const sources = frozen(
      from.documents.map((d, i) => ({ path: `${i}.yaml`, text: JSON.stringify(d) })),
    )
    const { manifests, diagnostics } = frozen(parseManifests(sources, schemas))
    expect(hasErrors(diagnostics)).toBe(false)
    const needs = frozen(needsOf(manifests, { filesRoot: '/etc/legate' }))
    const compiled = frozen(
      compile({
        manifests,
        catalog: frozen(catalogOf(needs.queries, from.answers)),
        files: new Map(),
        fileNeeds: needs.files,
        lastGood: undefined,
        settings: frozen({ ...compileSettings }),
        atMs: 0,
      }),
    )
    const rendered = frozen(render(compiled.topology, templates, frozen({ ...layout })))
    if (!rendered.ok) throw new Error(JSON.stringify(rendered.diagnostics))
    return { manifests, bundle: rendered.bundle }
  }
  const [old, now] = [bundleOf(before), bundleOf({ documents, answers })]
  const planned = frozen(plan(now.bundle, frozen(asIfApplied(old.bundle, now.bundle)), RULES))
  frozen(locateReasons(planned, now.manifests))
}

test('no stage changes what it is given', () => {
  fc.assert(
    fc.property(site, site, (after, before) => {
      expect(() => runFrozen(after, before)).not.toThrow()
    }),
    { numRuns: 50 },
  )
})

/** Of the right form for some field: what is wrong with it shows only later. */
const plausible = fc.constantFrom(
  'nobody',
  'api',
  'web',
  '5s',
  '/x',
  '10.0.0.1',
  'b.example',
  0,
  80,
)

/** A valid document in which one thing is another: of another type, hostile, gone, or twice as deep. */
const damaged = fc
  .record({
    made: site,
    document: fc.nat(),
    at: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
    by: fc.oneof(plausible, hostile, fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined)),
  })
  .map(({ made, document, at, by }) => {
    const documents = structuredClone([...made.documents])
    damage(documents[document % documents.length], at, by)
    return { ...made, documents }
  })

function damage(value: unknown, [step = 0, ...steps]: readonly number[], by: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return
  const inner: unknown = Reflect.get(value, key)
  const isLeaf = steps.length === 0 || typeof inner !== 'object' || inner === null
  if (!isLeaf) damage(inner, steps, by)
  else if (by === undefined) Reflect.deleteProperty(value, key)
  else Reflect.set(value, key, by)
}

test('a pass never throws: what it cannot use it says', async () => {
  let said = 0
  await fc.assert(
    fc.asyncProperty(damaged, async ({ documents, answers }) => {
      const sources = documents.map((d, i) => ({ path: `${i}.yaml`, text: JSON.stringify(d) }))
      const outcome = await pass(fakeWorld('', { sources, answers }), { until: 'bundle' })
      const isRefused = hasErrors(outcome.diagnostics)
      if (isRefused) said++
      expect(outcome.bundle === undefined).toBe(isRefused)
      expect(outcome.failure).toBeUndefined()
      // What manifests let through, rendering has a spelling for.
      expect(
        outcome.diagnostics.map((d) => d.code).filter((code) => code.startsWith('LG6')),
      ).toEqual([])
    }),
    { numRuns: 400 },
  )
  expect(said).toBeGreaterThan(100)
})

test('the test would see a change', () => {
  expect(() => Object.assign(frozen({ a: 1 }), { a: 2 })).toThrow(TypeError)
  expect(() => frozen({ a: [1] }).a.push(2)).toThrow(TypeError)
  expect(() => frozen(new Map([[1, 2]])).set(1, 3)).toThrow(TypeError)
})
