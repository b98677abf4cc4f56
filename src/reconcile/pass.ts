/**
 * One pass: the world as it is now → what happened. Every command runs this; they differ in how far.
 *
 *   observe → manifests → topology → bundle → plan → guard → apply → report
 */
import type { Compiled } from '../compile/compile.ts'
import { compile } from '../compile/compile.ts'
import type { Needs } from '../compile/needs.ts'
import { needsOf } from '../compile/needs.ts'
import { parseManifests } from '../manifest/manifest.ts'
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Catalog } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { hasErrors, inOrder } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { ApplyOutcome } from '../model/ports.ts'
import type { Manifests, SourceFile } from '../model/resource.ts'
import type { LastGood, ReferencedFiles } from '../model/snapshot.ts'
import { plan } from '../plan/plan.ts'
import { checkBundle } from './check.ts'
import type { Allowances, Refusal } from './guard.ts'
import { guard } from './guard.ts'
import { locateReasons } from './reasons.ts'
import type { World } from './world.ts'

/** How far the pass goes. */
export type Until = 'manifests' | 'catalog' | 'topology' | 'bundle' | 'plan' | 'applied'

export interface Intent {
  readonly until: Until
  readonly allow: Allowances
  /** Whether `haproxy -c` looks at the bundle although nothing is applied. */
  readonly check: boolean
}

/** Everything that was seen and done, as far as the pass came; the reason why it went no further is last. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: readonly SourceFile[]
  readonly manifests?: Manifests
  readonly needs?: Needs
  readonly catalog?: Catalog
  readonly compiled?: Compiled
  readonly bundle?: Bundle
  readonly actual?: Actual
  readonly plan?: Plan
  readonly refusal?: Refusal
  readonly applied?: ApplyOutcome
  /** What the world refused. */
  readonly failure?: Failure
}

interface Observed {
  readonly catalog: Catalog
  readonly files: ReferencedFiles
  readonly lastGood: LastGood | undefined
  readonly atMs: number
}

export async function pass(world: World, intent: Intent): Promise<Outcome> {
  const read = await world.readSources()
  if (!read.ok) return { diagnostics: [], sources: [], failure: read.failure }
  const { sources } = read.value
  const parsed = parseManifests(sources, world.schemas)
  const { manifests } = parsed
  const needs = needsOf(manifests, world.compileSettings.filesRoot)
  const first = { sources, manifests, needs }
  const diagnostics = inOrder([...read.value.diagnostics, ...parsed.diagnostics])
  if (intent.until === 'manifests' || hasErrors(diagnostics)) return { ...first, diagnostics }

  const observed = await observe(world, needs)
  if (intent.until === 'catalog') return { ...first, diagnostics, catalog: observed.catalog }
  return build(world, intent, { ...first, diagnostics }, observed)
}

/** Consul, the referenced files and the memory of the last pass, taken at one time. */
async function observe(world: World, needs: Needs): Promise<Observed> {
  const [catalog, files, lastGood] = await Promise.all([
    world.catalog?.read(needs.queries) ?? new Map(),
    world.readFiles(needs.files),
    world.readLastGood(),
  ])
  return { catalog, files, lastGood, atMs: world.now() }
}

type Begun = Outcome & { readonly manifests: Manifests; readonly needs: Needs }

async function build(
  world: World,
  intent: Intent,
  begun: Begun,
  observed: Observed,
): Promise<Outcome> {
  const { manifests, needs } = begun
  const settings = world.compileSettings
  const compiled = compile({ manifests, fileNeeds: needs.files, settings, ...observed })
  const diagnostics = inOrder([...begun.diagnostics, ...compiled.diagnostics])
  const outcome = { ...begun, diagnostics, catalog: observed.catalog, compiled }
  if (hasErrors(diagnostics) || intent.until === 'topology') return outcome
  const unanswered = unansweredFailure(compiled, observed.catalog)
  if (unanswered !== undefined) return { ...outcome, failure: unanswered }

  const templates = await world.readTemplates()
  if (!templates.ok) return { ...outcome, failure: templates.failure }
  // Loaded when it is needed: the template engine is a good part of the start of a process.
  const { render } = await import('../render/render.ts')
  const rendered = render(compiled.topology, templates.value, world.layout)
  if (!rendered.ok)
    return { ...outcome, diagnostics: inOrder([...diagnostics, ...rendered.diagnostics]) }
  const built = { ...outcome, bundle: rendered.bundle }
  if (intent.until === 'bundle') return intent.check ? checkBundle(world, built) : built
  return decide(world, intent, built, observed)
}

type Built = Outcome & Required<Pick<Outcome, 'manifests' | 'compiled' | 'bundle'>>

async function decide(
  world: World,
  intent: Intent,
  built: Built,
  observed: Observed,
): Promise<Outcome> {
  if (world.hold === undefined) return built
  const actual = await world.hold.observe(built.bundle)
  const planned = locateReasons(plan(built.bundle, actual), built.manifests)
  const outcome = { ...built, actual, plan: planned }
  if (intent.until === 'plan') return intent.check ? checkBundle(world, outcome) : outcome
  if (actual.running.state === 'unknown') return { ...outcome, failure: actual.running.failure }
  const refusal = guard(planned, actual, intent.allow)
  if (refusal !== undefined) return { ...outcome, refusal }
  return apply(world, outcome, observed)
}

async function apply(
  world: World,
  planned: Built & Required<Pick<Outcome, 'plan' | 'actual'>>,
  observed: Observed,
): Promise<Outcome> {
  if (planned.plan.action === 'in-sync' || world.hold === undefined)
    return remember(world, planned, observed)
  const checked = await checkBundle(world, planned)
  if (hasErrors(checked.diagnostics) || checked.failure !== undefined) return checked
  const applied = await world.hold.apply(planned.bundle, planned.plan, planned.actual)
  const outcome = { ...planned, ...checked, applied }
  if (applied.state === 'failed' && !applied.result.ok)
    return { ...outcome, failure: applied.result.failure }
  return remember(world, outcome, observed)
}

/** The revision is good now: what a later pass falls back to when Consul or git has nothing better. */
async function remember(world: World, outcome: Built, observed: Observed): Promise<Outcome> {
  const next: LastGood = {
    revision: outcome.manifests.revision,
    sources: outcome.sources,
    catalog: outcome.compiled.believed,
    emptySinceMs: outcome.compiled.emptySinceMs,
  }
  if (sameMemory(observed.lastGood, next)) return outcome
  const saved = await world.saveLastGood(next)
  return saved.ok ? outcome : { ...outcome, failure: saved.failure }
}

function sameMemory(a: LastGood | undefined, b: LastGood): boolean {
  const text = (m: LastGood): string =>
    JSON.stringify([m.revision, [...m.catalog], [...m.emptySinceMs]])
  return a !== undefined && text(a) === text(b)
}

function unansweredFailure(compiled: Compiled, catalog: Catalog): Failure | undefined {
  const [first] = compiled.unanswered
  if (first === undefined) return undefined
  const answer = catalog.get(first.key)?.answer
  const failure = answer?.state === 'failed' ? answer.failure : undefined
  const others = compiled.unanswered.length - 1
  return {
    reason: failure?.reason ?? 'consul-unreachable',
    message: `${first.backend}${others > 0 ? ` and ${others} more` : ''}: ${failure?.message ?? 'no answer'}`,
    hint: `nothing was written, and no earlier answer is remembered${failure?.hint === undefined ? '' : `; ${failure.hint}`}`,
    ...(failure?.detail !== undefined && { detail: failure.detail }),
    transient: failure?.transient ?? true,
  }
}
