/** The servers a backend is to have × those the running worker has → what the Runtime API has to do. */
import type { Bundle, LiveState, WantedServer } from '../model/bundle.ts'
import { isHostName } from '../model/host-name.ts'
import type { Waiting } from '../model/plan.ts'
import { rememberJoin } from '../model/remember.ts'
import { instanceOf } from '../model/server-name.ts'
import type { RunningServer, RunningState, RuntimeChange } from '../model/runtime.ts'
import { serverOf } from '../model/runtime.ts'
import type { PlanRules } from './rules.ts'

export interface ServerPlan {
  readonly changes: readonly RuntimeChange[]
  readonly waiting: readonly Waiting[]
  /** Names, by what happens to them; for the reasons. */
  readonly joined: readonly string[]
  readonly left: readonly string[]
  readonly changed: readonly string[]
  /** Of the changes, those about servers that Legate itself lets in or lets go. */
  readonly own: readonly RuntimeChange[]
  /** Servers that a person has set to maintenance or drain. */
  readonly byHand: readonly RunningServer[]
}

interface Servers {
  readonly wanted: readonly WantedServer[]
  readonly seen: readonly RunningServer[]
  /** No server can be added or deleted at run time. */
  readonly isFixed: boolean
  /** How long a server that leaves rests before it is deleted. */
  readonly restMs: number
}

/**
 * What Legate holds back, coming or going, has weight 0: so that the process itself tells a server that
 * Legate drains from one that a person did, also to a Legate that has just been started.
 */
function isHeldBack({ weight }: RunningServer): boolean {
  return weight === 0
}

/** Takes no new sessions and is on its way out, by Legate's own doing. */
export function isLeaving(server: RunningServer): boolean {
  return isHeldBack(server) && server.admin !== 'ready'
}

/** Plans of the backends in which there is something to do, to wait for or to say; by name, in the order of `wanted`. */
export type BusyBackends = (
  wanted: LiveState['servers'],
  seen: RunningState['servers'],
  ...common: Common
) => ReadonlyMap<string, ServerPlan>

type Common = readonly [
  fixed: Bundle['fixed'],
  retries: NonNullable<Bundle['retries']>,
  rules: PlanRules,
]

/** With a memory of its own: from one call to the next few backends change. */
export function rememberBusy(): BusyBackends {
  return rememberJoin(
    (
      backend: string,
      wanted: readonly WantedServer[],
      seen: readonly RunningServer[] | undefined,
      ...[fixed, retries, rules]: Common
    ) => {
      const restMs = Math.max(REST_MS, ((retries.get(backend) ?? 0) + 2) * 1000)
      const servers = { wanted, seen: seen ?? NO_SERVERS, isFixed: fixed.has(backend), restMs }
      return planOnce(backend, servers, rules)
    },
  )
}

interface Planned {
  readonly backend: string
  readonly servers: Servers
  readonly rules: PlanRules
  readonly plan: ServerPlan | undefined
}

/** The newest plan by what is wanted: plan and drift mostly ask about the same. */
const newest = new WeakMap<Servers['wanted'], Planned>()

/** Undefined where there is nothing to do, to wait for or to say. */
function planOnce(backend: string, servers: Servers, rules: PlanRules): ServerPlan | undefined {
  const known = newest.get(servers.wanted)
  const isKnown =
    known?.backend === backend && known.rules === rules && isSame(known.servers, servers)
  if (isKnown) return known.plan
  const planned = planServers(backend, servers, rules)
  const plan = isIdle(planned) ? undefined : planned
  newest.set(servers.wanted, { backend, servers, rules, plan })
  return plan
}

function isSame(a: Servers, b: Servers): boolean {
  return a.seen === b.seen && a.isFixed === b.isFixed && a.restMs === b.restMs
}

const NO_SERVERS: readonly RunningServer[] = []

function isIdle({ changes, waiting, byHand }: ServerPlan): boolean {
  return changes.length === 0 && waiting.length === 0 && byHand.length === 0
}

function planServers(
  backend: string,
  { wanted, seen, isFixed, restMs }: Servers,
  rules: PlanRules,
): ServerPlan {
  const now = new Map(seen.map((s) => [s.name, s]))
  const names = new Set(wanted.map((w) => w.name))
  // Of ten thousand a few.
  const due = wanted.filter((w) => !isAsWanted(w, now.get(w.name)))
  const extra = seen.filter((s) => !names.has(s.name))
  // Somebody takes the traffic meanwhile: else a new server is better than a certain 503.
  const isCarried = rules.admission === 'Checked' && wanted.some((w) => carries(now.get(w.name)))
  const canReplace = !isFixed && wanted.some((w) => stays(w, now.get(w.name)))
  const context = { backend, rules, restMs, isCarried, canReplace }
  const coming = due.map((w) => bring(context, w, now.get(w.name)))
  const going = extra.map((s) => release(context, s))
  const changes = [...coming, ...going].flatMap((step) => step.changes)
  const isChanged = new Set(coming.flatMap((step) => step.changes.map(serverOf)))
  return {
    changes,
    waiting: [...coming, ...going].flatMap((step) => step.waiting ?? []),
    ...moves({
      joined: due.filter((w) => !now.has(w.name)).map((w) => w.name),
      left: extra.filter((s) => !isLeaving(s)).map((s) => s.name),
      changed: seen.filter((s) => isChanged.has(s.name)).map((s) => s.name),
    }),
    own: changes.filter((change) => now.get(serverOf(change))?.weight === 0),
    byHand: seen.filter((s) => names.has(s.name) && s.admin !== 'ready' && !isLeaving(s)),
  }
}

type Told = Pick<ServerPlan, 'joined' | 'left' | 'changed'>

/** To a person an instance that moved has changed, though one server leaves and another one joins. */
function moves({ joined, left, changed }: Told): Told {
  const leaving = new Set(left.map(instanceOf))
  const isMoved = (name: string): boolean => leaving.has(instanceOf(name))
  const moved = joined.filter(isMoved)
  if (moved.length === 0) return { joined, left, changed }
  const are = new Set(moved.map(instanceOf))
  return {
    joined: joined.filter((name) => !isMoved(name)),
    left: left.filter((name) => !are.has(instanceOf(name))),
    changed: [...changed, ...moved],
  }
}

interface Step {
  readonly changes: readonly RuntimeChange[]
  readonly waiting?: Waiting
}

interface Context {
  readonly backend: string
  readonly rules: PlanRules
  readonly restMs: number
  readonly isCarried: boolean
  /** Somebody else takes the traffic while a server that moves is gone. */
  readonly canReplace: boolean
}

const NOTHING: Step = { changes: [] }

function carries(server: RunningServer | undefined): boolean {
  return (
    server !== undefined &&
    server.admin === 'ready' &&
    server.check !== 'failed' &&
    !isHeldBack(server)
  )
}

/** It takes part as it is to: nothing is to be done about it. */
function isAsWanted(wanted: WantedServer, seen: RunningServer | undefined): boolean {
  return (
    seen !== undefined &&
    seen.admin === 'ready' &&
    seen.weight === wanted.weight &&
    isAt(wanted, seen)
  )
}

function bring(context: Context, wanted: WantedServer, seen: RunningServer | undefined): Step {
  const { backend } = context
  if (seen === undefined) {
    const admit = admission(context, wanted)
    const added: RuntimeChange = { kind: 'add-server', backend, server: wanted, admit }
    if (admit === 'at-once') return { changes: [added] }
    return { changes: [added], waiting: { kind: 'admitting', backend, server: wanted.name } }
  }
  const moved = moveTo(backend, wanted, seen)
  if (moved.length > 0 && context.canReplace) return replace(context, wanted, seen)
  const { changes, waiting } =
    isHeldBack(seen) && wanted.weight !== 0
      ? letIn(context, wanted, seen)
      : { changes: keep(context, wanted, seen) }
  return { changes: [...moved, ...changes], ...(waiting !== undefined && { waiting }) }
}

function isChecked({ words }: WantedServer): boolean {
  return words.lastIndexOf('check') > words.lastIndexOf('no-check')
}

function stays(wanted: WantedServer, seen: RunningServer | undefined): boolean {
  return seen !== undefined && carries(seen) && isAt(wanted, seen)
}

/**
 * A server that moves leaves, and comes back as a new one: whoever is at the new address is checked before
 * it is asked, and what is in flight at the old one ends there. Told of another address, HAProxy 2.6 keeps
 * the connections that were busy at that moment, and goes on asking the old one over them.
 */
function replace(context: Context, wanted: WantedServer, seen: RunningServer): Step {
  const { backend } = context
  const step = release(context, seen)
  const [leaving] = step.changes
  if (leaving?.kind !== 'delete-server') return step
  const { isForced } = leaving
  const admit = admission(context, wanted)
  const admitting: Waiting = { kind: 'admitting', backend, server: wanted.name }
  return {
    changes: [{ kind: 'replace-server', backend, server: wanted, admit, isForced }],
    ...(admit === 'checked' && { waiting: admitting }),
  }
}

/** With others to take the traffic meanwhile it is not asked before its check has passed. */
function admission({ isCarried }: Context, server: WantedServer): 'at-once' | 'checked' {
  return isChecked(server) && isCarried ? 'checked' : 'at-once'
}

/** The process shows what a name resolved to, which says nothing about the name. */
function isAt({ address, port }: WantedServer, seen: RunningServer): boolean {
  return (address === seen.address && port === seen.port) || isHostName(address)
}

function moveTo(backend: string, wanted: WantedServer, seen: RunningServer): RuntimeChange[] {
  const { name: server, address, port } = wanted
  if (isAt(wanted, seen)) return []
  return [{ kind: 'set-address', backend, server, address, port }]
}

/** A server that Legate holds back gets its weight when HAProxy's check has passed. */
function letIn(
  { backend, isCarried }: Context,
  wanted: WantedServer,
  { name: server, admin, check }: RunningServer,
): Step {
  const isReady = !isChecked(wanted) || check === 'passed' || !isCarried
  const changes: RuntimeChange[] = []
  if (admin !== 'ready')
    changes.push({
      kind: 'set-state',
      backend,
      server,
      state: 'ready',
      isChecked: isChecked(wanted),
    })
  if (!isReady) return { changes, waiting: { kind: 'admitting', backend, server } }
  changes.push({ kind: 'set-weight', backend, server, weight: wanted.weight })
  return { changes }
}

/** A server that takes part: its weight, and what a person may have done to it. */
function keep(
  { backend, rules }: Context,
  wanted: WantedServer,
  { name: server, admin, weight, outForMs = 0 }: RunningServer,
): RuntimeChange[] {
  const changes: RuntimeChange[] = []
  if (weight !== wanted.weight)
    changes.push({ kind: 'set-weight', backend, server, weight: wanted.weight })
  const { adminState, adoptMs } = rules
  const isOver = adminState === 'Revert' || (adminState === 'Adopt' && outForMs >= adoptMs)
  if (admin !== 'ready' && isOver)
    changes.push({
      kind: 'set-state',
      backend,
      server,
      state: 'ready',
      isChecked: isChecked(wanted),
    })
  return changes
}

/**
 * A request that a server refuses is no session of it while HAProxy waits to ask it again: a second, and three
 * times unless `retries` says otherwise. HAProxy lets such a server be deleted, and dies of it (2.6; in part
 * mended later: haproxy/haproxy#2298, #3455). So that a server is not deleted before all that wait have gone;
 * where there are more retries, later.
 */
export const REST_MS = 5000

/** Drained first, gone when its sessions have ended and it has rested, or its time is over. */
function release(
  { backend, rules, restMs }: Pick<Context, 'backend' | 'rules' | 'restMs'>,
  { name: server, admin, weight, sessions, outForMs = 0, idleForMs = 0 }: RunningServer,
): Step {
  if (admin === 'ready' || weight !== 0)
    return {
      changes: [{ kind: 'drain-server', backend, server }],
      waiting: { kind: 'draining', backend, server },
    }
  const isForced = outForMs >= Math.max(rules.drainMs, restMs)
  if ((sessions === 0 && idleForMs >= restMs) || isForced)
    return { changes: [{ kind: 'delete-server', backend, server, isForced }] }
  const left = sessions === undefined ? {} : { sessions }
  return { ...NOTHING, waiting: { kind: 'draining', backend, server, ...left } }
}
