/** A plan that may be carried out → HAProxy has it and the file says so, or what stood in the way. */
import type { Compiled } from '../compile/compile.ts'
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Catalog } from '../model/catalog.ts'
import { hasErrors } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { ApplyOutcome, Hold } from '../model/ports.ts'
import type { Manifests } from '../model/resource.ts'
import type { LastGood } from '../model/snapshot.ts'
import { checkBundle } from './check.ts'
import type { Intent, Outcome } from './outcome.ts'
import type { World } from './world.ts'

export interface Planned extends Outcome {
  readonly manifests: Manifests
  readonly catalog: Catalog
  readonly compiled: Compiled
  readonly bundle: Bundle
  readonly actual: Actual
  readonly plan: Plan
}

interface Hands {
  readonly world: World
  readonly hold: Hold
  readonly intent: Intent
}

export async function carryOut(
  world: World,
  intent: Intent,
  planned: Planned,
  lastGood: LastGood | undefined,
): Promise<Outcome> {
  const { hold } = world
  const { action } = planned.plan
  const done =
    action === 'in-sync' || hold === undefined
      ? await checkAtRest(world, intent, planned)
      : action === 'runtime'
        ? await changeLive({ world, hold, intent }, planned)
        : await checkAndApply({ world, hold, intent }, planned)
  const isBad = hasErrors(done.diagnostics) || done.failure !== undefined
  return isBad || done.deferred === true ? done : saveGood(world, done, lastGood)
}

/** What came at run time HAProxy has taken word by word: its own check of the file is made when no more comes. */
async function checkAtRest(world: World, intent: Intent, planned: Planned): Promise<Planned> {
  if (intent.daemon?.checkDue !== true) return planned
  const checked = await checkBundle(world, planned)
  return checked.failure === undefined ? { ...checked, unchecked: false } : checked
}

/**
 * The process first: an endpoint change does not wait for HAProxy's own check of a file that it is not
 * read from, and of many changes in a row the file gets several at once. A single pass has the time, and
 * checks before anything is done.
 */
async function changeLive(hands: Hands, planned: Planned): Promise<Planned> {
  const { world, hold, intent } = hands
  const isOnce = intent.daemon === undefined
  const checked = isOnce ? await checkBundle(world, planned) : planned
  if (isRefused(checked, planned)) return checked
  const ran = await hold.apply(checked.bundle, checked.plan, checked.actual)
  if (ran.state === 'failed') return reloadInstead(hands, checked, ran)
  const live = { ...checked, applied: ran }
  if (intent.daemon?.fileRests === true) return { ...live, fileLags: true }
  const written = await hold.apply(live.bundle, { action: 'write', reasons: [] }, live.actual)
  return failureOf(written) === undefined
    ? { ...live, unchecked: !isOnce }
    : { ...live, ...failureOf(written) }
}

/** What HAProxy refuses to do at run time, a reload does; what failed otherwise is tried again. */
async function reloadInstead(hands: Hands, planned: Planned, ran: ApplyOutcome): Promise<Planned> {
  const { failure } = failureOf(ran) ?? {}
  const { plan } = planned
  if (failure?.reason !== 'runtime-refused' || plan.action !== 'runtime')
    return { ...planned, applied: ran, ...failureOf(ran) }
  const why = { code: 'runtime-cannot' as const, message: failure.message }
  const reload = {
    ...planned,
    plan: { action: 'reload' as const, reasons: [why, ...plan.reasons] },
  }
  return checkAndApply(hands, reload)
}

/** What HAProxy refuses now comes with the reload. */
async function putOff({ hold }: Hands, planned: Planned): Promise<Planned> {
  const { plan, bundle, actual } = planned
  const deferred = { ...planned, deferred: true }
  if (plan.action !== 'reload' || plan.meanwhile === undefined) return deferred
  const changes = { action: 'runtime' as const, reasons: plan.reasons, changes: plan.meanwhile }
  return { ...deferred, meanwhile: await hold.apply(bundle, changes, actual) }
}

async function checkAndApply(hands: Hands, planned: Planned): Promise<Planned> {
  const { world, hold, intent } = hands
  const needsReload = planned.plan.action === 'reload'
  if (needsReload && intent.daemon?.mayReload === false) return putOff(hands, planned)
  const unchecked = onlyFollows(planned, intent)
  const checked = unchecked ? planned : await checkBundle(world, planned)
  if (isRefused(checked, planned)) return checked
  const applied = await hold.apply(checked.bundle, checked.plan, checked.actual)
  return failureOf(applied) === undefined
    ? { ...checked, applied, unchecked }
    : { ...checked, applied, ...failureOf(applied) }
}

/** A file that says what the process has been proven with, or has come to have at run time since. */
function onlyFollows({ plan, bundle }: Planned, { daemon }: Intent): boolean {
  return plan.action === 'write' && daemon?.proven?.structure === bundle.structure
}

/** HAProxy found errors, or could not be asked. */
function isRefused(checked: Outcome, before: Outcome): boolean {
  return checked.failure !== before.failure || hasErrors(checked.diagnostics)
}

function failureOf(applied: ApplyOutcome): { readonly failure: Failure } | undefined {
  if (applied.state !== 'failed' || applied.result.ok) return undefined
  return { failure: applied.result.failure }
}

/** The revision is good now: what a later pass falls back to when Consul or git has nothing better. */
async function saveGood(
  world: World,
  outcome: Planned,
  lastGood: LastGood | undefined,
): Promise<Outcome> {
  const { manifests, compiled, sources, templates } = outcome
  const saved = await world.saveLastGood(
    {
      revision: manifests.revision,
      sources,
      catalog: compiled.believed,
      emptySinceMs: compiled.emptySinceMs,
      applied: compiled.applied,
      ...(templates !== undefined && { templates }),
    },
    lastGood,
  )
  return saved.ok ? outcome : { ...outcome, failure: saved.failure }
}
