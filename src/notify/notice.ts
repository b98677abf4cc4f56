/** Events of the daemon → notices: what object is in which trouble, or out of it. Pure; a fold, as events hold transitions only. */
import type { Capacity, CapacityLevel, Event } from '../model/event.ts'
import type { FailureReason } from '../model/failure.ts'
import { printable } from '../model/failure.ts'
import type { ReceiverSettings } from '../model/settings.gen.ts'

export type Topic = NonNullable<ReceiverSettings['topics']>[number]

export const TOPICS: readonly Topic[] = [
  'Capacity',
  'Revision',
  'Guard',
  'Reload',
  'Consul',
  'Certificate',
  'Failure',
  'Suspension',
  'Drift',
]

const MOST_CHARACTERS = 1000

export interface Notice {
  readonly topic: Topic
  /** What it is about: `Backend/default/api`, `Manifests`, `Guard takeover`, `HAProxy`, `Consul`, `Legate`. */
  readonly object: string
  /** One word: with the object, it tells one trouble from the other. */
  readonly reason: string
  readonly state: 'Problem' | 'Recovery'
  readonly severity: 'info' | 'warning' | 'error'
  /** One printable sentence. */
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** What else makes it another trouble than the one before: the revision. */
  readonly variant?: string
  /** It often passes by itself: told when it has lasted. */
  readonly isPatient?: true
  /** Told although it is over already. */
  readonly isNotable?: true
}

/** What notices need to know of earlier events. */
export interface Known {
  /** Services of Consul that do not answer. */
  readonly lost: ReadonlySet<string>
  /** Whether the last good revision stands in for another. */
  readonly isHolding: boolean
  /** What the reload that failed last said. */
  readonly reloadFailed: string | undefined
}

export const NOTHING_KNOWN: Known = {
  lost: new Set(),
  isHolding: false,
  reloadFailed: undefined,
}

/** An event, what people are told of it, and when (milliseconds since the epoch). */
export interface Told {
  readonly event: Event
  /** Empty where there are no words for it. */
  readonly sentence: string
  readonly atMs: number
}

/** By type of event; the others teach nothing. */
const LESSONS: {
  readonly [T in Event['type']]?: (event: Of<T>, around: Around) => Partial<Known>
} = {
  'consul-lost': ({ service }, { known: { lost } }) => ({ lost: new Set([...lost, service]) }),
  'consul-back': ({ service }, { known: { lost } }) => ({
    lost: new Set([...lost].filter((other) => other !== service)),
  }),
  'revision-held': () => ({ isHolding: true }),
  'revision-released': () => ({ isHolding: false }),
  'reload-failed': (_, { sentence }) => ({ reloadFailed: sentence }),
}

export function knownAfter(known: Known, { event, sentence }: Told): Known {
  const learn: ((event: never, around: Around) => Partial<Known>) | undefined = LESSONS[event.type]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the row is that of the type
  return learn === undefined ? known : { ...known, ...learn(event as never, { known, sentence }) }
}

/** `known` is of before the event. */
export function noticesOf(known: Known, told: Told): Notice[] {
  const { event } = told
  const read: ((event: never, around: Around) => Sort | Sort[] | undefined) | undefined =
    SORTS[event.type]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the row is that of the type
  const sorts = [read?.(event as never, { known, sentence: told.sentence }) ?? []].flat()
  return sorts.map(({ message = told.sentence, ...sort }) => ({
    ...sort,
    atMs: told.atMs,
    message: printable(message, MOST_CHARACTERS),
  }))
}

type Sort = Omit<Notice, 'atMs' | 'message'> & { readonly message?: string }
type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>
type Sorts = {
  readonly [T in Event['type']]?: (event: Of<T>, around: Around) => Sort | Sort[] | undefined
}

interface Around {
  readonly known: Known
  readonly sentence: string
}

const MANIFESTS = { topic: 'Revision', object: 'Manifests' } as const
const RELOAD = { topic: 'Reload', object: 'HAProxy' } as const
const CONSUL = { topic: 'Consul', object: 'Consul' } as const
const LEGATE = { topic: 'Failure', object: 'Legate' } as const
const SUSPENSION = { topic: 'Suspension', object: 'Legate' } as const

const SORTS: Sorts = {
  'capacity-changed': ({ capacity }) => capacitySort(capacity),
  'capacity-ended': ({ resource }) =>
    recovery({ topic: 'Capacity', object: resource }, 'BackendRemoved'),
  'revision-held': heldSort,
  diagnostics: () => problem(MANIFESTS, 'ManifestsInvalid', 'error'),
  'config-rejected': () => problem(MANIFESTS, 'ConfigRejected', 'error'),
  'revision-released': () => [
    recovery(MANIFESTS, 'RevisionReleased'),
    recovery(RELOAD, 'ReloadNotNeeded'),
  ],
  'manifests-mended': () => recovery(MANIFESTS, 'ManifestsMended'),
  'guard-stopped': ({ guard }) => problem(guardOf(guard), 'GuardStopped', 'warning'),
  'guard-released': ({ guard }) => recovery(guardOf(guard), 'GuardReleased'),
  'reload-failed': () => ({ ...problem(RELOAD, 'ReloadFailed', 'error'), isNotable: true }),
  'rolled-back': (_, { known: { reloadFailed }, sentence }) => ({
    ...problem(RELOAD, 'RolledBack', 'error'),
    isNotable: true,
    message: reloadFailed === undefined ? sentence : `${reloadFailed}; ${sentence}`,
  }),
  applied: ({ action }) =>
    action === 'reload' || action === 'start' ? recovery(RELOAD, 'ReloadProven') : undefined,
  'consul-lost': ({ service }, { known }) =>
    known.lost.size === 0 || known.lost.has(service)
      ? { ...problem(CONSUL, 'ConsulLost', 'warning'), isPatient: true }
      : undefined,
  'consul-back': ({ service }, { known }) =>
    known.lost.size === 1 && known.lost.has(service)
      ? { ...recovery(CONSUL, 'ConsulBack'), message: 'Consul answers again' }
      : undefined,
  'certificate-expiring': ({ resource, isOver }) =>
    isOver
      ? problem(certificate(resource), 'CertificateExpired', 'error')
      : problem(certificate(resource), 'CertificateExpiring', 'warning'),
  'certificate-renewed': ({ resource }) => recovery(certificate(resource), 'CertificateRenewed'),
  failed: ({ failure: { reason, message } }) =>
    RELOADS.has(reason)
      ? undefined
      : { ...problem(LEGATE, 'PassesFail', 'error'), isPatient: true, message },
  bug: ({ message }) => ({
    ...problem(LEGATE, 'Bug', 'error'),
    message: `a bug in Legate; HAProxy keeps what it has: ${message.split('\n', 1)[0] ?? ''}`,
  }),
  'pass-ended': ({ result }) =>
    result === 'failed' || result === 'bug'
      ? undefined
      : { ...recovery(LEGATE, 'PassesEndWell'), message: 'passes end well again' },
  recovered: (_, { known }) => (known.isHolding ? undefined : recovery(RELOAD, 'ReloadNotNeeded')),
  suspended: () => problem(SUSPENSION, 'Suspended', 'info'),
  resumed: () => recovery(SUSPENSION, 'Resumed'),
  'drift-found': ({ drift: { kind, object } }) => ({
    ...problem({ topic: 'Drift', object: `${kind} ${object}` }, 'DriftFound', 'warning'),
    isNotable: true,
  }),
  'drift-ended': ({ drift: { kind, object } }) =>
    recovery({ topic: 'Drift', object: `${kind} ${object}` }, 'DriftEnded'),
}

/** Told of as failed reloads. */
const RELOADS: ReadonlySet<FailureReason> = new Set(['reload-failed', 'reload-unproven'] as const)

type About = Pick<Notice, 'topic' | 'object'>

function problem(about: About, reason: string, severity: Notice['severity']): Sort {
  return { ...about, reason, state: 'Problem', severity }
}

function recovery(about: About, reason: string): Sort {
  return { ...about, reason, state: 'Recovery', severity: 'info' }
}

function guardOf(guard: string): About {
  return { topic: 'Guard', object: `Guard ${guard}` }
}

function certificate(resource: string): About {
  return { topic: 'Certificate', object: resource }
}

const LEVELS = {
  BelowDesired: ['BackendBelowDesired', 'warning'],
  BelowMinimum: ['BackendBelowMinimum', 'error'],
  Empty: ['BackendEmpty', 'error'],
} as const satisfies Record<Exclude<CapacityLevel, 'Healthy'>, unknown>

function capacitySort({ resource, level }: Capacity): Sort {
  const about = { topic: 'Capacity', object: resource } as const
  if (level === 'Healthy') return recovery(about, 'BackendRecovered')
  const [reason, severity] = LEVELS[level]
  return problem(about, reason, severity)
}

function heldSort({ name, diagnostics }: Of<'revision-held'>): Sort {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const isRejected = errors.some((d) => d.code.startsWith('LG7'))
  const reason =
    errors.length === 0 ? 'RevisionHeld' : isRejected ? 'ConfigRejected' : 'ManifestsInvalid'
  return { ...problem(MANIFESTS, reason, 'error'), variant: name }
}
