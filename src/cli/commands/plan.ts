/** `legate plan`: which resources change, the diff of the rendered files, which action follows and why. */
import { readRevision } from '../../files/git.ts'
import { readManifests } from '../../files/manifests.ts'
import { plan } from '../../plan/plan.ts'
import { asIfApplied, compareResources } from '../../reconcile/compare.ts'
import type { Intent, Outcome } from '../../reconcile/outcome.ts'
import { pass } from '../../reconcile/pass.ts'
import { locateReasons } from '../../reconcile/reasons.ts'
import type { World } from '../../reconcile/world.ts'
import { printCapacities } from '../../report/capacity.ts'
import type { Context } from '../context.ts'
import { flag, isSet } from '../context.ts'
import { EXIT, exitCode } from '../exit-codes.ts'
import { noteUnseen } from '../notes.ts'
import { reportOutcome } from '../report-outcome.ts'
import { showPlan, textsOf, textsOnDisk } from '../show-plan.ts'
import type { Wired } from '../wire.ts'
import { wire } from '../wire.ts'

export async function planCommand(context: Context): Promise<number> {
  const wired = await wire(context)
  try {
    const against = flag(context, 'against') ?? 'running'
    return against === 'running'
      ? await againstRunning(context, wired)
      : await againstManifests(context, wired, against)
  } finally {
    await wired.close()
  }
}

async function againstRunning(context: Context, { world, unseen }: Wired): Promise<number> {
  const check = isSet(context, 'check')
  const outcome = await pass(world, { until: 'plan', check })
  await reportOutcome(context, outcome)
  const { bundle, actual } = outcome
  if (bundle === undefined || actual === undefined || outcome.plan === undefined)
    return end(context, outcome)
  noteUnseen(context, unseen())
  showPlan(context.console, {
    plan: outcome.plan,
    texts: textsOnDisk(actual),
    bundle,
    label: 'on disk',
  })
  tellCapacities(context, outcome)
  if (actual.running.state === 'unknown')
    context.console.err(`legate: ${actual.running.failure.message}; compared with the file only\n`)
  return end(context, outcome)
}

async function againstManifests(context: Context, wired: Wired, against: string): Promise<number> {
  const { world, unseen } = wired
  const intent: Intent = { until: 'bundle', check: isSet(context, 'check') }
  const after = await pass(world, intent)
  await reportOutcome(context, after)
  if (after.bundle === undefined || after.manifests === undefined) return end(context, after)
  const before = await pass(otherSide(context, world, against, after), { ...intent, check: false })
  if (before.bundle === undefined || before.manifests === undefined) {
    context.console.err(`legate: the other side (${against}) cannot be rendered:\n`)
    await reportOutcome(context, before)
    return end(context, before)
  }
  noteUnseen(context, unseen())
  for (const { change, id, resource } of compareResources(before.manifests, after.manifests)) {
    const { file, line } = resource.places.value('')
    context.console.out(`${change.padEnd(8)} ${id} (${file}:${line})\n`)
  }
  const actual = asIfApplied(before.bundle, after.bundle)
  const planned = locateReasons(plan(after.bundle, actual, world.planRules), after.manifests)
  showPlan(context.console, {
    plan: planned,
    texts: textsOf(before.bundle),
    bundle: after.bundle,
    label: against,
  })
  tellCapacities(context, after)
  return end(context, { ...after, plan: planned })
}

/** The same world, with manifests from elsewhere and the answers that the first side has got already. */
function otherSide(context: Context, world: World, against: string, first: Outcome): World {
  const { manifests } = context.settings.values
  const known = first.catalog ?? new Map()
  const catalog = world.catalog
  return {
    ...world,
    readSources: async () => {
      if (!against.startsWith('git:')) return readManifests([against])
      const read = await readRevision(manifests, against.slice('git:'.length))
      return read.ok ? { ok: true, value: { sources: read.value, diagnostics: [] } } : read
    },
    catalog: catalog && {
      ...catalog,
      read: async (queries) => new Map([...(await catalog.read(queries)), ...known]),
    },
  }
}

function tellCapacities({ console }: Context, { compiled }: Outcome): void {
  if (compiled !== undefined) console.out(`\n${printCapacities(compiled.capacities)}`)
}

/** That `reconcile` would stop at a guard is said; a plan is a plan all the same. */
function end(context: Context, { refusal: _refusal, ...outcome }: Outcome): number {
  const detailedExitcode = isSet(context, 'detailed-exitcode')
  return exitCode(outcome, { detailedExitcode, failOnWarnings: false }) || EXIT.ok
}
