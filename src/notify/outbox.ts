/**
 * Notices in → messages due out, for one receiver. Pure; time is an argument (monotonic ms).
 *
 * By object it is kept what stands, and what the receiver was told of it last. A message is due where the
 * two differ and have differed for long enough; what is over before it was told is not told.
 */
import type { Notice, Topic } from './notice.ts'

export interface OutboxRules {
  /** How long notices are gathered into one message. */
  readonly gatherMs: number
  /** How long must pass before the same trouble of the same object is told again. */
  readonly repeatMs: number
  /** How long what often passes by itself must last. */
  readonly patienceMs: number
  /** Objects that are kept at the most. */
  readonly most: number
}

interface Pending {
  readonly notice: Notice
  /** From when on it may go along with others, and when it goes by itself. */
  readonly readyMs: number
  readonly dueMs: number
}

interface Matter {
  readonly about: Pick<Notice, 'topic' | 'object'>
  readonly pending?: Pending
  /** Sign of the trouble that the receiver knows of; absent when it believes that all is well. */
  readonly told?: string
  /** It was told before a restart, and nothing has been heard of it since. */
  readonly isOld?: true
  /** By sign: when that was told last. */
  readonly before: ReadonlyMap<string, number>
}

export interface Outbox {
  readonly matters: ReadonlyMap<string, Matter>
  /** Notices that found no place. */
  readonly dropped: number
}

export const EMPTY: Outbox = { matters: new Map(), dropped: 0 }

/** What a receiver knows of: kept over restarts. */
export interface Belief {
  readonly topic: Topic
  readonly object: string
  readonly sign: string
}

export function restore(beliefs: readonly Belief[]): Outbox {
  const matters = beliefs.map(({ topic, object, sign }): [string, Matter] => [
    keyOf({ topic, object }),
    { about: { topic, object }, told: sign, isOld: true, before: new Map() },
  ])
  return { matters: new Map(matters), dropped: 0 }
}

export function beliefsIn({ matters }: Outbox): Belief[] {
  return [...matters.values()].flatMap(({ about, told: sign }) =>
    sign === undefined ? [] : [{ ...about, sign }],
  )
}

/** All trouble that stands has been noted by now: what was told before the restart and was not, is over. */
export function settle(outbox: Outbox, atMs: number, now: number, rules: OutboxRules): Outbox {
  let settled = outbox
  for (const { about, isOld } of outbox.matters.values())
    if (isOld === true) settled = note(settled, overBefore(about, now), atMs, rules)
  return settled
}

function overBefore(about: Matter['about'], atMs: number): Notice {
  return {
    topic: about.topic,
    object: about.object,
    reason: 'Over',
    state: 'Recovery',
    severity: 'info',
    message: `${about.object}: it is over; Legate has started anew meanwhile`,
    atMs,
  }
}

export function note(outbox: Outbox, notice: Notice, atMs: number, rules: OutboxRules): Outbox {
  const { topic, object } = notice
  const key = keyOf(notice)
  const matter = outbox.matters.get(key)
  // That all is well is no news to who knows of no trouble.
  if (matter === undefined && notice.state === 'Recovery') return outbox
  if (matter === undefined && outbox.matters.size >= rules.most) {
    const room = withoutOld(outbox, atMs, rules)
    return room.matters.size < rules.most
      ? note(room, notice, atMs, rules)
      : { ...room, dropped: room.dropped + 1 }
  }
  const known: Matter = matter ?? { about: { topic, object }, before: new Map() }
  const { pending: _pending, isOld: _isOld, ...settled } = known
  const next = pendingAfter(known, notice, atMs, rules)
  const matters = new Map(outbox.matters)
  matters.set(key, next === undefined ? settled : { ...settled, pending: next })
  return { ...outbox, matters }
}

/** Everything that may go, once something is due; what is taken counts as told. */
export function take(
  outbox: Outbox,
  atMs: number,
  rules: OutboxRules,
): { readonly outbox: Outbox; readonly notices: readonly Notice[] } {
  if ((dueMs(outbox) ?? Infinity) > atMs) return { outbox, notices: [] }
  const matters = new Map(outbox.matters)
  const notices: Notice[] = []
  for (const [key, { pending, ...settled }] of outbox.matters) {
    if (pending === undefined || pending.readyMs > atMs) continue
    notices.push(pending.notice)
    matters.set(key, toldOf(settled, pending.notice, atMs))
  }
  return { outbox: withoutOld({ ...outbox, matters }, atMs, rules), notices }
}

/** When the next message is due; undefined when there is nothing to tell. */
export function dueMs({ matters }: Outbox): number | undefined {
  let soonest: number | undefined
  for (const { pending } of matters.values())
    if (pending !== undefined) soonest = Math.min(soonest ?? Infinity, pending.dueMs)
  return soonest
}

function pendingAfter(
  matter: Matter,
  notice: Notice,
  atMs: number,
  rules: OutboxRules,
): Pending | undefined {
  return notice.state === 'Recovery'
    ? afterRecovery(matter, notice, atMs, rules)
    : afterProblem(matter, notice, atMs, rules)
}

function afterRecovery(
  { pending, told }: Matter,
  notice: Notice,
  atMs: number,
  rules: OutboxRules,
): Pending | undefined {
  if (told !== undefined) return gathered(pending, notice, atMs, rules)
  if (pending === undefined || pending.notice.isNotable !== true) return undefined
  return pending.notice.state === 'Recovery'
    ? pending
    : { ...pending, notice: over(pending.notice, notice) }
}

function afterProblem(
  { pending, told, before }: Matter,
  notice: Notice,
  atMs: number,
  rules: OutboxRules,
): Pending | undefined {
  const sign = signOf(notice)
  if (sign === told) return undefined
  const isSame = pending?.notice.state === 'Problem' && signOf(pending.notice) === sign
  if (isSame) return { ...pending, notice }
  const lastsMs = notice.isPatient === true ? rules.patienceMs : 0
  const readyMs = Math.max(atMs + lastsMs, (before.get(sign) ?? -Infinity) + rules.repeatMs)
  const { dueMs: due } = gathered(pending, notice, readyMs, rules)
  return { notice, readyMs, dueMs: Math.max(readyMs, due) }
}

/** Counted from the first of what is gathered. */
function gathered(
  pending: Pending | undefined,
  notice: Notice,
  atMs: number,
  { gatherMs }: OutboxRules,
): Pending {
  return { notice, readyMs: atMs, dueMs: Math.min(pending?.dueMs ?? Infinity, atMs + gatherMs) }
}

/** A trouble that came and went before it was told. */
function over(trouble: Notice, { message }: Notice): Notice {
  const then = message === '' ? '' : `; since then: ${message}`
  return { ...trouble, state: 'Recovery', message: `${trouble.message}${then}` }
}

function toldOf({ about, before }: Matter, notice: Notice, atMs: number): Matter {
  const sign = signOf(notice)
  const after = new Map([...before, [sign, atMs]])
  return notice.state === 'Problem'
    ? { about, told: sign, before: after }
    : { about, before: after }
}

function withoutOld(outbox: Outbox, atMs: number, { repeatMs }: OutboxRules): Outbox {
  const matters = new Map<string, Matter>()
  for (const [key, matter] of outbox.matters) {
    const before = new Map([...matter.before].filter(([, ms]) => atMs - ms < repeatMs))
    if (matter.pending !== undefined || matter.told !== undefined || before.size > 0)
      matters.set(key, { ...matter, before })
  }
  return { ...outbox, matters }
}

function keyOf({ topic, object }: Matter['about']): string {
  return `${topic} ${object}`
}

function signOf({ reason, variant }: Notice): string {
  return variant === undefined ? reason : `${reason} ${variant}`
}
