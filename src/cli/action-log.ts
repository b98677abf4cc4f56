/** Outcomes of passes → the last things that were done, with what changed in the files; bounded, and without secrets. */
import type { Actual } from '../model/actual.ts'
import type { Bundle, RenderedSection } from '../model/bundle.ts'
import type { Plan, Waiting } from '../model/plan.ts'
import { subjectOf } from '../model/runtime.ts'
import { isSameList } from '../model/remember.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { maskSecrets } from '../render/mask.ts'
import type { ChangedText } from '../report/changed-text.ts'
import { changedSections, changedText, diffChanged } from '../report/changed-text.ts'
import { printReason } from '../report/plan.ts'
import type { ActionStatus, PendingStatus } from '../report/status.ts'

const MOST = { actions: 20, reasons: 200, waiting: 100 } as const
/** Characters that one action may keep. */
const MOST_TEXT = 200_000

interface Kept {
  readonly status: ActionStatus
  /** Undefined where there is too much of it. */
  readonly changed: readonly (ChangedText | ChangedConfig)[] | undefined
}

/** Only looked into when somebody asks: of a thousand sections nearly all are the same objects, and cost nothing to keep. */
interface ChangedConfig {
  readonly before: readonly RenderedSection[]
  readonly after: readonly RenderedSection[]
}

export class ActionLog {
  #kept: readonly Kept[] = []
  #count = 0
  #outcome: Outcome | undefined
  /** What HAProxy and the files had after the last action. */
  #before: Bundle | undefined
  /** Also those of before: what was removed may have quoted them. */
  #secrets: ReadonlySet<string> = new Set()

  /** `at` is ISO 8601. */
  onOutcome(outcome: Outcome, at: string): void {
    const { bundle, plan, applied } = outcome
    if (bundle !== undefined) this.#secrets = together(this.#secrets, bundle.secrets)
    const isToldBefore = this.#outcome?.fileLags === true && isFollowing(outcome)
    this.#outcome = outcome
    if (applied === undefined || plan === undefined || bundle === undefined) return
    if (!isToldBefore) this.#keep(outcome, { at, ...resultOf(applied, plan) })
    if (applied.state === 'applied') this.#before = bundle
  }

  #keep(outcome: Outcome, status: Omit<ActionStatus, 'id'>): void {
    this.#count += 1
    const kept = { status: { id: this.#count, ...status }, changed: this.#changed(outcome) }
    this.#kept = [kept, ...this.#kept].slice(0, MOST.actions)
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
    const { plan, applied } = this.#outcome ?? {}
    if (plan === undefined || !('waiting' in plan)) return []
    // Whom nobody has sent yet is not on the way.
    const isSent = applied?.state === 'applied' || plan.action !== 'runtime'
    const due = new Set(isSent ? [] : plan.changes.map(subjectOf))
    return (plan.waiting ?? [])
      .filter(({ backend, server }) => !due.has(`${backend}/${server}`))
      .slice(0, MOST.waiting)
  }

  diff(id: number): string | undefined {
    const changed = this.#kept.find(({ status }) => status.id === id)?.changed
    return changed && this.#diff(changed)
  }

  pendingDiff(): string | undefined {
    const changed = this.#outcome && this.#changed(this.#outcome)
    return changed && this.#diff(changed)
  }

  #changed({ actual, bundle }: Outcome): Kept['changed'] {
    if (bundle === undefined || actual === undefined) return undefined
    const mask = this.#mask()
    const changed = [
      changedConfig(actual, this.#before, bundle, mask),
      // Maps are not kept across a start of Legate: then nothing is known of those before.
      ...(this.#before === undefined ? [] : changedFiles(this.#before, bundle, mask)),
    ].filter((text) => text !== undefined)
    const size = changed.reduce((sum, each) => sum + sizeOf(each), 0)
    return size > MOST_TEXT ? undefined : changed
  }

  #diff(changed: NonNullable<Kept['changed']>): string | undefined {
    const mask = this.#mask()
    const texts = changed.map((each) =>
      'name' in each ? each : changedSections('haproxy.cfg', each.before, each.after, mask),
    )
    return diffChanged(texts.filter((text) => text !== undefined))
  }

  #mask(): Mask {
    const secrets = [...this.#secrets]
    return (text) => maskSecrets(text, secrets)
  }
}

type Mask = (text: string) => string

/** Where the file is Legate's, it is what was applied last: then only other sections are compared. */
function changedConfig(
  { config }: Actual,
  before: Bundle | undefined,
  after: Bundle,
  mask: Mask,
): ChangedText | ChangedConfig | undefined {
  if (config.state === 'ours' && before !== undefined)
    return { before: before.sections, after: after.sections }
  const text = 'text' in config ? config.text : ''
  return changedText('haproxy.cfg', text, after.config, mask)
}

function sizeOf(changed: ChangedText | ChangedConfig): number {
  if ('name' in changed) return changed.before.length + changed.after.length
  const [before, after] = [new Set(changed.before), new Set(changed.after)]
  const gone = changed.before.filter((section) => !after.has(section))
  const come = changed.after.filter((section) => !before.has(section))
  return [...gone, ...come].reduce((sum, { text }) => sum + text.length, 0)
}

function changedFiles(before: Bundle, after: Bundle, mask: Mask): (ChangedText | undefined)[] {
  if (isSameList(before.files.map(textOf), after.files.map(textOf))) return []
  const texts = new Map(before.files.map(({ name, text }) => [name, text]))
  return after.files.map(({ name, text }) => changedText(name, texts.get(name) ?? '', text, mask))
}

function textOf({ text }: Bundle['files'][number]): string {
  return text
}

/** A file that follows the process has been told with what it follows. */
function isFollowing({ plan }: Outcome): boolean {
  return plan?.action === 'write'
}

function together(known: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return more.every((secret) => known.has(secret)) ? known : new Set([...known, ...more])
}

function resultOf(
  applied: NonNullable<Outcome['applied']>,
  plan: Plan,
): Pick<ActionStatus, 'action' | 'result' | 'tookMs' | 'reasons'> {
  const reasons = reasonsOf(plan)
  if (applied.state === 'applied')
    return { action: applied.action, result: 'applied', tookMs: applied.tookMs, reasons }
  return { action: plan.action, result: applied.rolledBack ? 'rolled back' : 'failed', reasons }
}

function whyPending({ failure, refusal, deferred, suspended }: Outcome): string {
  const said = failure?.message ?? (suspended && 'Legate is suspended') ?? refusal?.message
  return said ?? (deferred === true ? 'a reload waits for its turn' : 'it is only looked at')
}

function reasonsOf(plan: Plan): string[] {
  return 'reasons' in plan ? plan.reasons.slice(0, MOST.reasons).map(printReason) : []
}
