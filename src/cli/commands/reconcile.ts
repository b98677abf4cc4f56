/** `legate reconcile --once` and `--dry-run`: one pass, applied or only told. */
import { setTimeout as sleep } from 'node:timers/promises'
import { durationMs } from '../../compile/duration.ts'
import { gitHead } from '../../files/git.ts'
import { readSuspension } from '../../files/suspension.ts'
import { failpoint } from '../../haproxy/failpoint.ts'
import { acquireLock } from '../../haproxy/lock.ts'
import type { Suspension } from '../../model/suspension.ts'
import type { Allowances } from '../../reconcile/guard.ts'
import type { Outcome } from '../../reconcile/outcome.ts'
import { pass } from '../../reconcile/pass.ts'
import { passUntilSettled } from '../../reconcile/settle.ts'
import type { World } from '../../reconcile/world.ts'
import { printCapacities } from '../../report/capacity.ts'
import { printPlan, printWaiting } from '../../report/plan.ts'
import { took } from '../../report/took.ts'
import type { Context } from '../context.ts'
import { flag, isSet } from '../context.ts'
import { EXIT, exitCode } from '../exit-codes.ts'
import type { Measured } from '../metrics-textfile.ts'
import { noteUnseen } from '../notes.ts'
import { reportFailure, reportOutcome } from '../report-outcome.ts'
import type { DeferredSignals } from '../signals.ts'
import { deferSignals } from '../signals.ts'
import { describeSuspension } from '../suspended.ts'
import { sweep } from '../sweep.ts'
import type { Wired } from '../wire.ts'
import { wire } from '../wire.ts'

function onlyTells(context: Context): boolean {
  const detects = isSet(context, 'once') && isSet(context, 'detect-only')
  return detects || isSet(context, 'dry-run')
}

export async function reconcile(context: Context): Promise<number> {
  const dryRun = onlyTells(context)
  const isDaemon = !dryRun && !isSet(context, 'once')
  const { values } = context.settings
  if (values.haproxy.hold === 'none' && !context.settings.origins.has('haproxy.configFile')) {
    context.console.err('legate: hold mode none writes files only; --out DIR says where\n')
    return EXIT.usage
  }
  if (!isSet(context, 'once') && flag(context, 'metrics-textfile') !== undefined) {
    context.console.err('legate: --metrics-textfile goes with --once; the daemon serves /metrics\n')
    return EXIT.usage
  }
  if (isDaemon) return (await import('../daemon.ts')).runDaemon(context)
  const suspension = await readSuspension(values.stateDir)
  if (suspension !== undefined && !noteSuspension(context, suspension)) return EXIT.safetyStop
  const wired = await wire(context)
  try {
    return dryRun ? await tell(context, wired) : await applyOnce(context, wired)
  } finally {
    await wired.close()
  }
}

/** Whether it goes on all the same. */
function noteSuspension(context: Context, suspension: Suspension): boolean {
  const { console } = context
  const goesOn = isSet(context, 'dry-run') || isSet(context, 'allow-suspended')
  console.err(`${goesOn ? 'note' : 'legate'}: ${describeSuspension(suspension)}\n`)
  if (!goesOn)
    console.err('  `legate resume` ends that; --allow-suspended applies this once all the same\n')
  return goesOn
}

async function tell(context: Context, { world, unseen }: Wired): Promise<number> {
  const outcome = await pass(world, { until: 'plan', allow: allowances(context), check: true })
  await reportOutcome(context, outcome)
  noteUnseen(context, unseen())
  if (outcome.compiled !== undefined)
    context.console.out(printCapacities(outcome.compiled.capacities))
  if (outcome.plan !== undefined) context.console.out(printPlan(outcome.plan))
  return exitCode(outcome, {
    detailedExitcode: isSet(context, 'detailed-exitcode'),
    failOnWarnings: false,
  })
}

async function applyOnce(context: Context, wired: Wired): Promise<number> {
  const { values } = context.settings
  const lock = await acquireLock(values.haproxy.configFile, durationMs(values.lockWait))
  if (!lock.ok) {
    reportFailure(context, lock.failure)
    return EXIT.world
  }
  await sweep(values)
  await failpoint('in-pass')
  const signals = deferSignals()
  // Asked meanwhile; for people, so that nothing fails for want of it.
  const git = gitHead(values.manifests[0] ?? '.').catch(() => undefined)
  const { outcome, write } = await passOnce(context, wired.world, signals)
  signals.done()
  await lock.value.release()
  await reportOutcome(context, outcome)
  noteUnseen(context, wired.unseen())
  printResult(context, outcome, await git)
  await showRefused(context, outcome)
  const isMeasured = await writeMetrics(context, write)
  const code = exitCode(outcome, { detailedExitcode: false, failOnWarnings: false })
  return signals.exitCode() ?? (code === EXIT.ok && !isMeasured ? EXIT.world : code)
}

/** What only metrics need is loaded for them only. */
async function passOnce(
  context: Context,
  unguarded: World,
  signals: DeferredSignals,
): Promise<Pick<Measured, 'outcome'> & Partial<Measured>> {
  const world = signals.around(unguarded)
  const intent = { until: 'applied', allow: allowances(context), check: true } as const
  const run = (watched: World): Promise<Outcome> =>
    passUntilSettled(watched, intent, {
      sleep: (ms) => sleep(ms),
      onWait: (waiting) => context.console.err(`${printWaiting(waiting)}\n`),
      isEnding: () => signals.exitCode() !== undefined,
    })
  const path = flag(context, 'metrics-textfile')
  if (path === undefined) return { outcome: await run(world) }
  const { measure } = await import('../metrics-textfile.ts')
  return measure(world, run, path)
}

async function writeMetrics(
  context: Context,
  write: Measured['write'] | undefined,
): Promise<boolean> {
  const written = await write?.()
  if (written?.ok !== false) return true
  reportFailure(context, written.failure)
  return false
}

function allowances(context: Context): Allowances {
  return {
    takeover: isSet(context, 'allow-takeover'),
    removal: isSet(context, 'allow-removal'),
  }
}

/** What was not done, for whoever has to decide about it. */
async function showRefused(context: Context, outcome: Outcome): Promise<void> {
  const { refusal, plan, bundle, actual } = outcome
  if (refusal === undefined || plan === undefined || bundle === undefined || actual === undefined)
    return
  const { showPlan, textsOnDisk } = await import('../show-plan.ts')
  showPlan(context.console, { plan, texts: textsOnDisk(actual), bundle, label: 'on disk' })
}

function printResult(
  { console, settings }: Context,
  outcome: Outcome,
  git: string | undefined,
): void {
  const { compiled, plan, applied, manifests } = outcome
  if (compiled !== undefined) console.out(printCapacities(compiled.capacities))
  if (outcome.failure !== undefined || plan === undefined || manifests === undefined) return
  const revision = `revision ${manifests.revision.slice(0, 12)}${git === undefined ? '' : `, git ${git}`}`
  if (plan.action === 'in-sync') console.out(`in sync: nothing to do (${revision})\n`)
  if (applied?.state !== 'applied') return
  console.out(printPlan(plan))
  const time = took(applied.tookMs)
  const sentence = {
    'written-only': `written: ${settings.values.haproxy.configFile}; nothing was applied (${revision})`,
    write: `written: the running HAProxy had it already (${revision})`,
    runtime: `applied: at run time, without a reload, in ${time} (${revision})`,
    reload: `applied: reloaded and proven in ${time}${trialOf(applied)} (${revision})`,
    start: `applied: started and proven in ${time} (${revision})`,
  }[applied.action]
  console.out(`${sentence}\n`)
}

function trialOf({ trial }: { readonly trial?: string }): string {
  return trial === undefined ? '' : `, trial start before: ${trial}`
}
