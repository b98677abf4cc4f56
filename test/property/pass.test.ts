/** Laws of a whole pass, without HAProxy: order, repetition, memory and purity. */
import { RULES } from '../plan/rules.ts'
import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Answer } from '../../src/model/catalog.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { pass } from '../../src/reconcile/pass.ts'
import type { SourceFile } from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import { asIfApplied } from '../../src/reconcile/compare.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'
import type { Document, Site } from './arbitrary-site.ts'
import { instance, site } from './arbitrary-site.ts'

/** JSON is YAML. */
function textOf(documents: readonly Document[]): string {
  return documents.map((d) => `---\n${JSON.stringify(d)}\n`).join('')
}

function fileEach(documents: readonly Document[]): SourceFile[] {
  return documents.map((d, i) => ({ path: `${i}.yaml`, text: textOf([d]) }))
}

async function bundleOf(
  sources: readonly SourceFile[],
  answers: Site['answers'],
): Promise<Outcome & Required<Pick<Outcome, 'bundle' | 'compiled'>>> {
  const outcome = await pass(fakeWorld('', { sources, answers }), { until: 'bundle' })
  const { bundle, compiled } = outcome
  if (bundle === undefined || compiled === undefined)
    throw new Error(JSON.stringify(outcome.diagnostics, undefined, 1))
  return { ...outcome, bundle, compiled }
}

/** All that leaves the pass for HAProxy and for people, without the places of things in files. */
function seen({ bundle, compiled }: Awaited<ReturnType<typeof bundleOf>>): unknown {
  const { config, files, structure, live } = bundle
  return { config, files, structure, live, capacities: compiled.capacities }
}

test('the generator makes valid sites of all sizes', async () => {
  const made = fc.sample(site, { numRuns: 50, seed: 1 })
  for (const { documents, answers } of made) await bundleOf(fileEach(documents), answers)
  expect(new Set(made.map(({ documents }) => documents.length)).size).toBeGreaterThan(4)
})

test('the order of files, documents and instances does not matter', async () => {
  const shuffled = site.chain(({ documents, answers }) =>
    fc.record({
      documents: fc.constant(documents),
      answers: fc.constant(answers),
      mixed: fc.shuffledSubarray([...documents], { minLength: documents.length }),
      cuts: fc.array(fc.nat(documents.length), { maxLength: 3 }),
      one: shuffledAnswer(answers['one']),
      two: shuffledAnswer(answers['two']),
    }),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ documents, answers, mixed, cuts, one, two }) => {
      const files = cutAt(mixed, cuts).map((piece, i) => ({
        path: `${9 - i}.yaml`,
        text: textOf(piece),
      }))
      const a = await bundleOf(fileEach(documents), answers)
      const b = await bundleOf(files.toReversed(), { one, two })
      expect(seen(b)).toEqual(seen(a))
      expect(b.bundle.config).toBe(a.bundle.config)
    }),
    { numRuns: 100 },
  )
})

function shuffledAnswer(answer: Answer | undefined): fc.Arbitrary<Answer> {
  const instances = answer?.state === 'answered' ? [...answer.instances] : []
  return fc
    .shuffledSubarray(instances, { minLength: instances.length })
    .map((list) => ({ state: 'answered', instances: list }))
}

function cutAt<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const at = [0, ...cuts.toSorted((a, b) => a - b), list.length]
  return at
    .slice(1)
    .map((end, i) => list.slice(at[i], end))
    .filter((piece) => piece.length > 0)
}

test('what was applied is in sync', async () => {
  await fc.assert(
    fc.asyncProperty(site, async ({ documents, answers }) => {
      const { bundle } = await bundleOf(fileEach(documents), answers)
      expect(plan(bundle, asIfApplied(bundle, bundle), RULES)).toEqual({ action: 'in-sync' })
    }),
    { numRuns: 50 },
  )
})

test('what differs in bytes is not in sync, and says why', async () => {
  await fc.assert(
    fc.asyncProperty(site, site, async (before, after) => {
      const a = await bundleOf(fileEach(before.documents), before.answers)
      const b = await bundleOf(fileEach(after.documents), after.answers)
      const planned = plan(b.bundle, asIfApplied(a.bundle, b.bundle), RULES)
      if (a.bundle.config === b.bundle.config) return
      expect(planned.action).toBe('reload')
      if (planned.action === 'reload') expect(planned.reasons).not.toEqual([])
    }),
    { numRuns: 50 },
  )
})

/** A site, and the same after one instance changed, joined or left, or one document was replaced. */
const changed = fc.record({
  before: site,
  other: site,
  moved: instance,
  which: fc.nat(),
  how: fc.nat(2),
})

type Changed = typeof changed extends fc.Arbitrary<infer T> ? T : never

function afterOf({ before, other, moved, which, how }: Changed): Site {
  const document = other.documents[which % other.documents.length]
  if (how === 2 && document !== undefined) {
    const same = (d: Document): boolean =>
      d['kind'] === document['kind'] &&
      JSON.stringify(d['metadata']) === JSON.stringify(document['metadata'])
    // A route brings host names that another may have: the others make room.
    const rest = before.documents.filter((d) =>
      document['kind'] === 'HostRoute' ? d['kind'] !== 'HostRoute' : !same(d),
    )
    return { ...before, documents: [...rest, document] }
  }
  const answer = before.answers['one']
  const old = answer?.state === 'answered' ? answer.instances : []
  const rest = old.filter((_, i) => how === 1 || i !== which % Math.max(1, old.length))
  const kept = rest.filter(({ node, id }) => node !== moved.node || id !== moved.id)
  return {
    ...before,
    answers: { ...before.answers, one: { state: 'answered', instances: [...kept, moved] } },
  }
}

test('a pass that remembers gives what one gives that knows nothing', async () => {
  await fc.assert(
    fc.asyncProperty(changed, async (change) => {
      const { before } = change
      const after = afterOf(change)
      const world = fakeWorld('', { sources: fileEach(before.documents), answers: before.answers })
      await pass(world, { until: 'bundle' })
      // What did not change is the same object, as the readers of the daemon give it.
      const old = new Map(world.sources.map((file) => [file.text, file]))
      world.sources = fileEach(after.documents).map((file) => {
        const was = old.get(file.text)
        return was?.path === file.path ? was : file
      })
      world.answers = after.answers
      const warm = await pass(world, { until: 'bundle' })
      const { sources, answers } = structuredClone({
        sources: world.sources,
        answers: world.answers,
      })
      const templates = new Map(world.templates)
      const layout = { ...world.layout }
      const cold = await pass(fakeWorld('', { sources, answers, templates, layout }), {
        until: 'bundle',
      })
      expect(warm.bundle).toEqual(cold.bundle)
      expect(warm.diagnostics).toEqual(cold.diagnostics)
      expect(warm.compiled).toEqual(cold.compiled)
    }),
    { numRuns: 100 },
  )
})

test('nor does it matter what the modules have seen', async () => {
  const changes = fc.sample(changed, { numRuns: 4, seed: 7 })
  const warm = []
  for (const change of changes) {
    const { documents, answers } = afterOf(change)
    warm.push(seen(await bundleOf(fileEach(documents), answers)))
  }
  for (const [i, change] of changes.entries()) {
    vi.resetModules()
    const fresh = await import('../../src/reconcile/pass.ts')
    const { documents, answers } = afterOf(change)
    const world = fakeWorld('', { sources: fileEach(documents), answers })
    const { bundle, compiled } = await fresh.pass(world, { until: 'bundle' })
    if (bundle === undefined || compiled === undefined) throw new Error('a bundle')
    expect(seen({ bundle, compiled } as Parameters<typeof seen>[0])).toEqual(warm[i])
  }
})
