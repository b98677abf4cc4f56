/** Outcomes of passes → the last things that were done, with what changed in the files; bounded, and without secrets. */
import type { Bundle } from '../model/bundle.ts'
import type { Plan, Waiting } from '../model/plan.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { maskSecrets } from '../render/mask.ts'
import type { ChangedText } from '../report/changed-text.ts'
import { changedText, diffChanged } from '../report/changed-text.ts'
import { printReason } from '../report/plan.ts'
import type { ActionStatus, PendingStatus } from '../report/status.ts'

const MOST = { actions: 20, reasons: 200, waiting: 100 } as const
/** Characters that one action may keep. */
const MOST_TEXT = 200_000

interface Kept {
  readonly status: ActionStatus
  /** Undefined where there is too much of it. */
  readonly changed: readonly ChangedText[] | undefined
}

export class ActionLog {
  #kept: readonly Kept[] = []
  #count = 0
  #outcome: Outcome | undefined
  /** What was in the files after the last action. */
  #files: Bundle['files'] = []
  /** Also those of before: what was removed may have quoted them. */
  #secrets: ReadonlySet<string> = new Set()

  /** `at` is ISO 8601. */
  onOutcome(outcome: Outcome, at: string): void {
    const { bundle, plan, applied } = outcome
    if (bundle !== undefined) this.#secrets = together(this.#secrets, bundle.secrets)
    const follows = this.#outcome?.fileLags === true && plan?.action === 'write'
    this.#outcome = outcome
    // A file that follows the process has been told with what it follows.
    if (follows || applied === undefined || plan === undefined || bundle === undefined) return
    this.#count += 1
    const status: ActionStatus = {
      id: this.#count,
      at,
      action: applied.state === 'applied' ? applied.action : plan.action,
      result: resultOf(applied),
      ...(applied.state === 'applied' && { tookMs: applied.tookMs }),
      reasons: reasonsOf(plan),
    }
    this.#kept = [{ status, changed: this.#changed(outcome) }, ...this.#kept].slice(0, MOST.actions)
    if (applied.state === 'applied') this.#files = bundle.files
  }

  get actions(): readonly ActionStatus[] {
    return this.#kept.map(({ status }) => status)
  }

  /** As the last pass left it. */
  get pending(): PendingStatus | undefined {
    const { plan, applied } = this.#outcome ?? {}
    if (this.#outcome === undefined || plan === undefined || plan.action === 'in-sync')
      return undefined
    if (applied?.state === 'applied') return undefined
    return { action: plan.action, why: whyPending(this.#outcome), reasons: reasonsOf(plan) }
  }

  get waiting(): readonly Waiting[] {
    const plan = this.#outcome?.plan
    return plan !== undefined && 'waiting' in plan
      ? (plan.waiting ?? []).slice(0, MOST.waiting)
      : []
  }

  diff(id: number): string | undefined {
    const changed = this.#kept.find(({ status }) => status.id === id)?.changed
    return changed && diffChanged(changed)
  }

  pendingDiff(): string | undefined {
    const changed = this.#outcome && this.#changed(this.#outcome)
    return changed && diffChanged(changed)
  }

  #changed({ actual, bundle }: Outcome): readonly ChangedText[] | undefined {
    if (bundle === undefined || actual === undefined) return undefined
    const secrets = [...this.#secrets]
    const mask = (text: string): string => maskSecrets(text, secrets)
    const config = 'text' in actual.config ? actual.config.text : ''
    const before = new Map(this.#files.map(({ name, text }) => [name, text]))
    const changed = [
      changedText('haproxy.cfg', config, bundle.config, mask),
      // Maps are not kept across a start of Legate: then nothing is known of those before.
      ...(this.#files.length === 0
        ? []
        : bundle.files.map(({ name, text }) =>
            changedText(name, before.get(name) ?? '', text, mask),
          )),
    ].filter((text) => text !== undefined)
    const size = changed.reduce((sum, text) => sum + text.before.length + text.after.length, 0)
    return size > MOST_TEXT ? undefined : changed
  }
}

function together(known: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return more.every((secret) => known.has(secret)) ? known : new Set([...known, ...more])
}

function resultOf(applied: NonNullable<Outcome['applied']>): ActionStatus['result'] {
  if (applied.state === 'applied') return 'applied'
  return applied.rolledBack ? 'rolled back' : 'failed'
}

function whyPending({ failure, refusal, deferred, suspended }: Outcome): string {
  const said = failure?.message ?? (suspended && 'Legate is suspended') ?? refusal?.message
  return said ?? (deferred === true ? 'a reload waits for its turn' : 'it is only looked at')
}

function reasonsOf(plan: Plan): string[] {
  return 'reasons' in plan ? plan.reasons.slice(0, MOST.reasons).map(printReason) : []
}
