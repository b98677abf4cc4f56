/** The outcome of a pass and what was witnessed meanwhile → what metrics count and show. Pure. */
import type { Drift } from '../model/drift.ts'
import type { FailureReason } from '../model/failure.ts'
import type { ApplyOutcome, CheckOutcome } from '../model/ports.ts'
import type { Resource } from '../model/resource.ts'
import { KINDS } from '../model/resource.ts'
import { oldWorkers } from '../reconcile/judge-pass.ts'
import type { LoopMemory } from '../reconcile/memory.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { ConfigSeen, Done, Seen } from '../report/metrics-input.ts'
import { backendsSeen } from './server-states.ts'
import { isInForce } from './status-board.ts'
import type { Witnessed } from './witness.ts'

export function doneBy(outcome: Outcome, { stages, checks, applies }: Witnessed): Done {
  const isTaken = takenBy(outcome)
  const reload = reloadOf(outcome)
  const drift = driftOf(outcome)
  return {
    stages,
    checks: checks.map(checkResult),
    ...(isTaken !== undefined && { isTaken }),
    ...(reload !== undefined && { reload }),
    ...(drift !== undefined && { drift }),
    commands: applies.flatMap(commandsOf),
  }
}

function commandsOf({
  plan,
  applied,
}: Witnessed['applies'][number]): NonNullable<Done['commands']> {
  const ran = applied.ran ?? []
  const done = ran.map(({ kind }) => ({ command: kind, result: 'success', count: 1 }) as const)
  const isRefused =
    applied.state === 'failed' &&
    !applied.result.ok &&
    applied.result.failure.reason === 'runtime-refused'
  // HAProxy stops at the first that it refuses.
  const refused =
    isRefused && plan.action === 'runtime' ? plan.changes.find((c) => !ran.includes(c)) : undefined
  return refused === undefined
    ? done
    : [...done, { command: refused.kind, result: 'failure', count: 1 }]
}

function checkResult(check: CheckOutcome): Done['checks'][number] {
  if (check.state === 'rejected') return 'invalid'
  if (check.state === 'not-run') return 'error'
  return check.messages.length === 0 ? 'valid' : 'warning'
}

/** HAProxy, or the proof, said no. */
const REFUSED: ReadonlySet<FailureReason> = new Set([
  'haproxy-rejected',
  'preflight-failed',
  'reload-failed',
  'reload-unproven',
  'haproxy-down',
] as const)

function takenBy(outcome: Outcome): Done['isTaken'] {
  const { failure, diagnostics, held } = outcome
  const isRejected = diagnostics.some((d) => d.severity === 'error' && d.code.startsWith('LG7'))
  if (isRejected || (failure !== undefined && REFUSED.has(failure.reason))) return false
  // While a revision is stood in for, a pass in sync says nothing about what was refused.
  return failure === undefined && held === undefined && isProven(outcome) ? true : undefined
}

function isProven({ applied, plan, actual }: Outcome): boolean {
  if (applied?.state === 'applied') return applied.action !== 'written-only'
  return plan?.action === 'in-sync' && actual?.running.state === 'running'
}

/** Failures of an apply that never came to the reload. */
const NO_RELOAD: ReadonlySet<FailureReason> = new Set([
  'haproxy-rejected',
  'preflight-failed',
  'write-failed',
  'interrupted',
  'locked',
  'takeover-needed',
  'haproxy-missing',
] as const)

function reloadOf({ plan, applied }: Outcome): Done['reload'] {
  if (plan?.action !== 'reload' && plan?.action !== 'start') return undefined
  if (applied === undefined || !isTried(applied)) return undefined
  const reasons = plan.reasons.map((reason) => reason.code)
  return applied.state === 'applied'
    ? { proven: true, reasons, tookMs: applied.tookMs }
    : { proven: false, reasons }
}

function isTried(applied: ApplyOutcome): boolean {
  if (applied.state === 'applied') return applied.action !== 'written-only'
  return !applied.result.ok && !NO_RELOAD.has(applied.result.failure.reason)
}

function driftOf({ drift, applied, failure }: Outcome): Done['drift'] {
  if (drift === undefined) return undefined
  const isReverted = applied?.state === 'applied' && failure === undefined
  const left = drift.filter(({ policy }) => !(isReverted && policy === 'Revert'))
  return { found: kindsOf(drift), left: kindsOf(left) }
}

function kindsOf(drift: readonly Drift[]): string[] {
  return [...new Set(drift.map(({ kind }) => kind))]
}

export function seenIn(
  outcome: Outcome,
  { stopped }: Pick<LoopMemory, 'stopped'>,
  { files }: Witnessed,
): Seen {
  const { manifests, compiled, catalog, actual } = outcome
  return {
    diagnostics: () => [...(outcome.held?.diagnostics ?? []), ...outcome.diagnostics],
    guard: () => stopped?.guard,
    suspended: () => outcome.suspended !== undefined,
    ...(actual !== undefined && { oldWorkers: () => oldWorkers(outcome) }),
    ...(manifests !== undefined && {
      resources: () => ({
        all: KINDS.flatMap((kind): readonly Resource[] => manifests[kind]),
        isProgrammed: isInForce(outcome),
      }),
    }),
    ...(manifests !== undefined &&
      compiled !== undefined && {
        backends: () => backendsSeen({ backends: manifests.Backend, compiled, catalog, actual }),
      }),
    ...(isInForce(outcome) && { config: () => configOf(outcome) }),
    ...(files !== undefined && { certificates: () => certificatesOf(files) }),
  }
}

/** The digest is that of the file's own second line. */
function configOf({ bundle, manifests }: Outcome): ConfigSeen {
  const config = bundle?.config ?? ''
  return {
    hash: /^# legate sha256=([0-9a-f]{12})/m.exec(config.slice(0, 300))?.[1] ?? '',
    revision: manifests?.revision.slice(0, 12) ?? '',
    bytes: Buffer.byteLength(config),
  }
}

function certificatesOf({ needs, found }: NonNullable<Witnessed['files']>): Map<string, number> {
  const ends = new Map<string, number>()
  for (const { path, resource } of needs) {
    const file = found.get(path)
    const facts = file?.state === 'present' ? file.certificate : undefined
    if (facts !== undefined) ends.set(`${resource.namespace}/${resource.name}`, facts.notAfterMs)
  }
  return ends
}
