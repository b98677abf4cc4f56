/**
 * One pass: the world as it is now → what happened. Every command runs this; they differ in how far.
 *
 *   observe → manifests → topology → bundle → plan → guard → carry out → report
 */
import { compile } from '../compile/compile.ts'
import { unansweredDiagnostic } from '../compile/capacity.ts'
import type { DepartureGuard } from '../compile/departures.ts'
import type { Needs } from '../compile/needs.ts'
import { needsOf } from '../compile/needs.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Catalog } from '../model/catalog.ts'
import { hasErrors, inOrder } from '../model/diagnostic.ts'
import type { Failure, Result } from '../model/failure.ts'
import { ok } from '../model/failure.ts'
import { lazily } from '../model/lazy.ts'
import type { LastGood, ReferencedFiles, Templates } from '../model/snapshot.ts'
import { findDrift } from '../plan/drift.ts'
import type { PlanRules } from '../plan/plan.ts'
import { plan } from '../plan/plan.ts'
import type { Planned } from './carry-out.ts'
import { carryOut } from './carry-out.ts'
import { checkBundle } from './check.ts'
import { guard, leftBefore } from './guard.ts'
import type { Intent, Outcome } from './outcome.ts'
import { locateReasons } from './reasons.ts'
import { chooseRevision, resourceIds } from './revision.ts'
import { withSessions } from './sessions.ts'
import { unansweredFailure, wouldForget } from './unanswered.ts'
import type { World } from './world.ts'

interface Observed {
  readonly catalog: Catalog
  readonly files: ReferencedFiles
  readonly lastGood: LastGood | undefined
  readonly atMs: number
}

const NONE_LEAVES: DepartureGuard = { share: 0, least: 1, holdMs: Infinity }

export async function pass(world: World, intent: Intent): Promise<Outcome> {
  const { daemon } = intent
  const [sources, templates, lastGood] = await Promise.all([
    world.readSources(),
    daemon && world.readTemplates(),
    world.readLastGood(),
  ])
  const standIn = daemon && { refused: daemon.refused, lastGood }
  const chosen = chooseRevision({ sources, templates }, world.schemas, standIn)
  if (!chosen.ok) return { diagnostics: [], sources: [], failure: chosen.failure }
  const { manifests, diagnostics } = chosen.value
  const needs = needsOf(manifests, world.compileSettings)
  const begun = { ...chosen.value, needs }
  if (intent.until === 'manifests' || hasErrors(diagnostics)) return begun

  const observed = { ...(await observe(world, needs)), lastGood }
  if (intent.until === 'catalog') return { ...begun, catalog: observed.catalog }
  return build(world, intent, begun, observed)
}

/** Consul and the referenced files, taken at one time. */
async function observe(world: World, needs: Needs): Promise<Omit<Observed, 'lastGood'>> {
  const [catalog, files] = await Promise.all([
    world.catalog?.read(needs.queries) ?? new Map(),
    world.readFiles(needs.files),
  ])
  return { catalog, files, atMs: world.now() }
}

type Begun = Outcome & Required<Pick<Outcome, 'manifests' | 'needs'>>

/** Where too many servers would leave all in all, those that would leave stay, and all else goes on. */
async function build(
  world: World,
  intent: Intent,
  begun: Begun,
  observed: Observed,
): Promise<Outcome> {
  const outcome = await buildOnce(world, intent, begun, observed)
  const { refusal } = outcome
  const { daemon } = intent
  if (refusal?.guard !== 'server-removal' || daemon === undefined) return outcome
  const keeping = { ...intent, daemon: { ...daemon, departures: NONE_LEAVES } }
  const kept = await buildOnce(world, keeping, begun, observed)
  if (kept.refusal === undefined) return { ...kept, refusal }
  // They leave with their Backends: it is the revision that takes them away.
  const { lastGood } = observed
  const isNew = lastGood !== undefined && lastGood.revision !== begun.manifests.revision
  return isNew ? { ...kept, refusal: { ...kept.refusal, guard: 'resource-removal' } } : kept
}

async function buildOnce(
  world: World,
  intent: Intent,
  begun: Begun,
  observed: Observed,
): Promise<Outcome> {
  const { manifests, needs } = begun
  const compiled = compile({
    manifests,
    fileNeeds: needs.files,
    settings: world.compileSettings,
    ...observed,
    ...(intent.daemon !== undefined && { guard: intent.daemon.departures }),
  })
  const found = [...begun.diagnostics, ...compiled.diagnostics]
  const outcome = { ...begun, diagnostics: inOrder(found), catalog: observed.catalog, compiled }
  if (hasErrors(found) || intent.until === 'topology') return outcome
  const [first] = compiled.unanswered
  if (first === undefined) return renderBundle(world, intent, outcome, observed)
  if (intent.daemon === undefined)
    return { ...outcome, failure: unansweredFailure(compiled, observed.catalog) }
  const unanswered = compiled.unanswered.map((u) => unansweredDiagnostic(u.backend))
  const diagnostics = inOrder([...found, ...unanswered])
  return renderBundle(world, intent, { ...outcome, diagnostics }, observed)
}

async function renderBundle(
  world: World,
  intent: Intent,
  compiled: Begun & Required<Pick<Outcome, 'catalog' | 'compiled'>>,
  observed: Observed,
): Promise<Outcome> {
  const templates = await templatesFor(world, compiled)
  if (!templates.ok) return { ...compiled, failure: templates.failure }
  const { render, renderAhead } = await loadRender()
  await world.breathe()
  const { topology } = compiled.compiled
  // oxlint-disable-next-line no-await-in-loop -- that is what the pieces are for
  for (const _ of renderAhead(topology, templates.value)) await world.breathe()
  const rendered = render(topology, templates.value, world.layout)
  if (!rendered.ok) {
    const diagnostics = inOrder([...compiled.diagnostics, ...rendered.diagnostics])
    return { ...compiled, diagnostics }
  }
  const built = { ...compiled, bundle: rendered.bundle }
  if (intent.until !== 'bundle') return decide(world, intent, built, observed)
  return intent.check === true ? checkBundle(world, built) : built
}

/** When it is needed: the template engine is a good part of the start of a process. */
const loadRender = lazily(() => import('../render/render.ts'))

function templatesFor(world: World, { templates }: Outcome): Promise<Result<Templates>> {
  return templates === undefined ? world.readTemplates() : Promise.resolve(ok(templates))
}

type Built = Begun & Required<Pick<Outcome, 'catalog' | 'compiled' | 'bundle'>>

async function decide(
  world: World,
  intent: Intent,
  built: Built,
  observed: Observed,
): Promise<Outcome> {
  if (world.hold === undefined) return built
  const { bundle, manifests } = built
  const actual = await world.hold.observe(bundle, intent.daemon?.glance)
  await world.breathe()
  const rules = rulesFor(world, intent)
  const proven = intent.daemon?.proven
  const planned = locateReasons(plan(bundle, actual, rules, proven), manifests)
  await world.breathe()
  const before = resourceIds(observed.lastGood, manifests, world.schemas)
  const refusal = guard(
    {
      plan: planned,
      actual,
      bundle,
      resources: before,
      left: leftBefore(manifests, observed, intent.daemon),
    },
    { takeover: false, removal: false, ...intent.allow },
    world.removalLimits,
  )
  const drift = findDrift(driftBasis(intent, bundle), actual, rules)
  const seen = { ...built, actual, drift, plan: planned }
  const outcome = refusal === undefined ? seen : { ...seen, refusal }
  if (intent.until === 'plan') return tellOnly(world, intent, outcome)
  const failure = obstacle(outcome)
  if (failure !== undefined) return { ...outcome, failure }
  if (refusal !== undefined) return outcome
  return carryOut(world, intent, outcome, observed.lastGood)
}

/** For whoever reads the plan: HAProxy's own check, and how many sessions are at stake. */
async function tellOnly(world: World, intent: Intent, outcome: Planned): Promise<Outcome> {
  const told =
    world.hold === undefined || intent.daemon !== undefined
      ? outcome
      : { ...outcome, plan: await withSessions(world.hold, outcome.plan) }
  return intent.check === true ? checkBundle(world, told) : told
}

function driftBasis({ daemon }: Intent, bundle: Bundle): Bundle | undefined {
  return daemon?.detects === true ? bundle : daemon?.proven
}

/** Nobody comes back to a server that a single pass has left half open. */
function rulesFor({ planRules: rules }: World, { daemon }: Intent): PlanRules {
  return daemon === undefined ? { ...rules, admission: 'AtOnce' } : rules
}

/** Why what was planned cannot be judged, or must not be done, by anybody's leave. */
function obstacle({ actual, compiled, bundle, catalog }: Planned): Failure | undefined {
  if (actual.running.state === 'unknown') return actual.running.failure
  return wouldForget(compiled, bundle, actual) ? unansweredFailure(compiled, catalog) : undefined
}
