/**
 * Changes go in, out come the questions about all that they touch; then the answers go in, and the worker's
 * live state comes out, with what was touched as it is now.
 */
import { fail, ok, type Result } from '../model/failure.ts'
import type { RunningServer, RunningState, RuntimeChange } from '../model/runtime.ts'
import { subjectOf } from '../model/runtime.ts'
import { escapeArgument } from './cli.ts'
import type { LiveMemory } from './live-memory.ts'
import { parseCertificateFingerprint } from './show.ts'
import { asAlone, type Addressed } from './session.ts'
import { parseSessions } from './show-stat.ts'
import type { Talk } from './talk.ts'

export interface Review {
  readonly questions: readonly (string | Addressed)[]
  readonly backends: readonly string[]
  /** Those of them in which a server is out, or is going out: its sessions are counted. */
  readonly counted: readonly string[]
  readonly maps: readonly string[]
  readonly certificates: readonly string[]
}

export function reviewOf(
  talk: Talk,
  before: RunningState,
  changes: readonly RuntimeChange[],
): Review {
  const backends = unique(changes.flatMap((c) => ('backend' in c ? [c.backend] : [])))
  const leaving = new Set(changes.flatMap((c) => (LEAVING.has(c.kind) ? [backendOf(c)] : [])))
  const gone = new Set(changes.flatMap((c) => (c.kind === 'delete-server' ? [subjectOf(c)] : [])))
  const maps = unique(changes.flatMap((c) => (c.kind === 'set-map' ? [c.path] : [])))
  const certificates = changes.flatMap((c) => (c.kind === 'set-certificate' ? [c.path] : []))
  return reviewOfParts(talk, before, { backends, leaving, gone, maps, certificates })
}

interface Parts extends Pick<Review, 'backends' | 'maps' | 'certificates'> {
  /** Backends in which a server is going out just now. */
  readonly leaving: ReadonlySet<string>
  /** Servers that are to be there no more, as `subjectOf` names them: nobody waits for the end of their sessions. */
  readonly gone?: ReadonlySet<string>
}

export function reviewOfParts(talk: Talk, before: RunningState, parts: Parts): Review {
  const { backends, leaving, gone, maps, certificates } = parts
  const isOut = (backend: string, { name, admin }: RunningServer): boolean =>
    admin !== 'ready' && gone?.has(`${backend}/${name}`) !== true
  const isCounted = (name: string): boolean =>
    leaving.has(name) || before.servers.get(name)?.some((s) => isOut(name, s)) === true
  const counted = backends.filter(isCounted)
  return {
    questions: [
      talk.whoServes,
      ...backends.map((name) => `show servers state ${escapeArgument(name)}`),
      ...counted.map((name) => `show stat ${escapeArgument(name)} 4 -1`),
      ...maps.map((path) => `show map ${escapeArgument(path)}`),
      ...certificates.map((path) => `show ssl cert ${escapeArgument(path)}`),
    ],
    backends,
    counted,
    maps,
    certificates,
  }
}

const LEAVING: ReadonlySet<string> = new Set(['drain-server', 'replace-server', 'set-state'])

function backendOf(change: RuntimeChange): string {
  return 'backend' in change ? change.backend : ''
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** Undefined when another worker serves by now. */
export function readReview(
  talk: Talk,
  memory: LiveMemory,
  before: RunningState,
  { review, answers }: { readonly review: Review; readonly answers: readonly string[] },
): Result<RunningState | undefined> {
  const [who = '', ...rest] = answers
  if (!talk.isServing(who)) return ok(undefined)
  const replies = rest.map(asAlone).values()
  const next = (): string => replies.next().value ?? ''
  const servers = memory.readBackends(new Map(review.backends.map((name) => [name, next()])))
  const sessions = new Map(
    review.counted.map((name) => [name, parseSessions(next()) ?? new Map<string, number>()]),
  )
  const maps = new Map(review.maps.map((path) => [path, next()]))
  const certificates = new Map(
    review.certificates.flatMap((path): [string, string][] => {
      const fingerprint = parseCertificateFingerprint(next())
      return fingerprint === undefined ? [] : [[path, fingerprint]]
    }),
  )
  if (servers === undefined) return unreadable()
  const live = memory.merge(before, { servers, sessions, maps, certificates })
  return live === undefined ? unreadable() : ok(live)
}

function unreadable(): Result<never> {
  return fail({
    reason: 'haproxy-unreachable',
    message: 'HAProxy does not say what it has after the change',
    transient: true,
  })
}
