/** `legate reconcile` without `--once`: follows git and Consul until it is told to end. */
import { durationMs } from '../compile/duration.ts'
import { openFeed } from './open-feed.ts'
import { readVersion } from '../files/schemas.ts'
import { watchSuspension } from '../files/suspension.ts'
import { watchFiles } from '../files/watch.ts'
import { watchTarget } from '../files/watch-target.ts'
import { failpoint } from '../haproxy/failpoint.ts'
import { acquireLock } from '../haproxy/lock.ts'
import type { CatalogFeed, FileWatch } from '../model/feed.ts'
import type { Event } from '../model/event.ts'
import { loadLazyModules } from '../model/lazy.ts'
import type { Hold } from '../model/ports.ts'
import type { LoopMemory } from '../reconcile/memory.ts'
import { Loop } from '../reconcile/loop.ts'
import type { Intent, Outcome } from '../reconcile/outcome.ts'
import { pass } from '../reconcile/pass.ts'
import type { World } from '../reconcile/world.ts'
import type { StatusServer } from '../report/http.ts'
import { serveStatus } from '../report/http.ts'
import { logLine } from '../report/log.ts'
import { Metrics } from '../report/metrics.ts'
import { systemClock } from './clock.ts'
import { Companions } from './companions.ts'
import type { Context } from './context.ts'
import { flag, isSet } from './context.ts'
import { rememberedNotifications } from './daemon-notify.ts'
import { listenForSignals } from './daemon-signals.ts'
import type { DaemonSignals } from './daemon-signals.ts'
import { daemonWorld } from './daemon-world.ts'
import type { DaemonWorld } from './daemon-world.ts'
import { every } from './every.ts'
import { EXIT } from './exit-codes.ts'
import { feedSource } from './feed-source.ts'
import type { FeedSource } from './feed-source.ts'
import { GitLabels } from './git-labels.ts'
import { loopSettings } from './loop-settings.ts'
import { doneBy, seenIn } from './metrics-facts.ts'
import { keepHeapLean } from './lean-heap.ts'
import type { LeanHeap } from './lean-heap.ts'
import { reportFailure } from './report-outcome.ts'
import type { SettingsValues } from './settings.ts'
import { StatusBoard } from './status-board.ts'
import { detecting, suspendable } from './suspended.ts'
import { sweep } from './sweep.ts'
import { breather, wire } from './wire.ts'
import { witnessOf } from './witness.ts'
import type { Witness } from './witness.ts'

export async function runDaemon(context: Context): Promise<number> {
  const heap = keepHeapLean(systemClock)
  return runAlone(context, heap).finally(() => heap.close())
}

async function runAlone(context: Context, heap: LeanHeap): Promise<number> {
  const { values } = context.settings
  const signals = listenForSignals(durationMs(values.loop.stopTimeout))
  const lock = await acquireLock(values.haproxy.configFile, durationMs(values.lockWait))
  if (!lock.ok) {
    reportFailure(context, lock.failure)
    return EXIT.world
  }
  await sweep(values)
  const code = await runLocked(context, signals, heap)
  await lock.value.release()
  return code
}

async function runLocked(
  context: Context,
  signals: DaemonSignals,
  heap: LeanHeap,
): Promise<number> {
  const { values } = context.settings
  const metrics = new Metrics({ version: readVersion(), process: true })
  const feed = openFeed(values, systemClock, (request) => metrics.onConsulRequest(request))
  const board = new StatusBoard({ version: readVersion(), clock: systemClock, feed })
  metrics.follow(() => feed.watches())
  const server = await serve(values, board, metrics)
  if (server !== undefined && 'failure' in server) {
    reportFailure(context, server.failure)
    return EXIT.world
  }
  const companions: Companions = new Companions({
    values,
    metrics,
    status: () => board.status(),
    emit: (event) => emit(event),
    notified: await rememberedNotifications(values.stateDir),
    complain: (message) => context.console.err(`legate: ${message}\n`),
  })
  const emit = emitter(context, { board, metrics, companions })
  await follow(context, feed, { board, metrics, signals, companions, emit, heap })
  await companions.close()
  await server?.close()
  return EXIT.ok
}

type Served = StatusServer | { readonly failure: Parameters<typeof reportFailure>[1] } | undefined

async function serve(
  values: SettingsValues,
  board: StatusBoard,
  metrics: Metrics,
): Promise<Served> {
  if (values.listen === 'off') return undefined
  const served = await serveStatus(values.listen, {
    status: () => board.status(),
    metrics: () => metrics.text(),
    page: board.page(),
    allowedHosts: values.allowedHosts,
  })
  return served.ok ? served.value : { failure: served.failure }
}

interface Around {
  readonly board: StatusBoard
  readonly metrics: Metrics
  readonly signals: DaemonSignals
  readonly companions: Companions
  readonly emit: (event: Event) => void
  readonly heap: LeanHeap
}

async function follow(context: Context, feed: CatalogFeed, around: Around): Promise<void> {
  const { manifests, templates, stateDir, haproxy, loop: times } = context.settings.values
  const { emit } = around
  const watch = watchFiles({ manifests, templates }, systemClock)
  const { world, source } = await makeWorld(context, feed, watch)
  const witness = watched(world.world, () => target.expect())
  const onePass = async (intent: Intent): Promise<Outcome> => {
    await failpoint('in-pass')
    witness.begin()
    // A turn of its own: a lone change does not wait for what others have to do.
    return pass({ ...witness.world, breathe: breather() }, intent)
  }
  const told = tell(around, witness, manifests[0] ?? '.')
  const loop: Loop = new Loop(loopSettings(context), {
    clock: systemClock,
    pass: isSet(context, 'detect-only') ? detecting(onePass) : suspendable(stateDir, onePass, emit),
    emit,
    ended: (outcome, memory) => {
      void target.begin()
      if (outcome.applied !== undefined) around.heap.hurry()
      told(outcome, memory)
    },
  })
  const target = watchTarget(haproxy.configFile, () => {
    loop.distrust()
    loop.trigger('haproxy.cfg')
  })
  const lookAtFiles = (reason: string): void => {
    world.forgetFiles()
    loop.forgive()
    loop.trigger(reason)
  }
  emit({ type: 'started', version: readVersion(), manifests })
  watch.onChange(() => lookAtFiles('files'))
  around.signals.onHangUp(() => lookAtFiles('SIGHUP'))
  const endFlagWatch = watchSuspension(stateDir, () => loop.trigger('suspension'))
  const endResync = every(systemClock, durationMs(times.resync), () => {
    world.forgetAllFiles()
    loop.trigger('resync')
  })
  followConsul(feed, loop, emit)
  loop.trigger('start')
  await around.signals.ended
  endResync()
  endFlagWatch()
  world.end()
  source.giveUp()
  await loop.stop()
  await Promise.all([watch.close(), target.close(), feed.close(), world.close()])
}

function watched(world: World, applied: () => Promise<void>): Witness {
  const hold = world.hold && afterApply(world.hold, applied)
  return witnessOf({ ...world, hold }, () => systemClock.monotonicMs())
}

/** At once: whoever changes the file after that is somebody else. At run time Legate writes none. */
function afterApply(hold: Hold, told: () => Promise<void>): Hold {
  return {
    ...hold,
    apply: async (bundle, plan, actual) => {
      const applied = await hold.apply(bundle, plan, actual)
      if (plan.action !== 'runtime') await told()
      return applied
    },
  }
}

async function makeWorld(
  context: Context,
  feed: CatalogFeed,
  watch: FileWatch,
): Promise<{ readonly world: DaemonWorld; readonly source: FeedSource }> {
  const { values } = context.settings
  const wired = await wire(context)
  await loadLazyModules()
  let made: DaemonWorld | undefined
  const source = feedSource(feed, {
    clock: systemClock,
    syncTimeoutMs: durationMs(values.loop.syncTimeout),
    lastKnown: (key) => made?.lastGood()?.catalog.has(key) === true,
  })
  made = await daemonWorld(wired.world, {
    values,
    clock: systemClock,
    catalog: source,
    watch,
    onSaveFailed: (message) => context.console.err(`legate: the state was not saved: ${message}\n`),
  })
  return { world: made, source }
}

/** For status and metrics. */
function tell(
  { board, metrics, companions }: Around,
  witness: Witness,
  manifests: string,
): (outcome: Outcome, memory: LoopMemory) => void {
  const labels = new GitLabels(manifests)
  return (outcome, memory) => {
    board.onOutcome(outcome, memory)
    const witnessed = witness.end()
    metrics.onPass(doneBy(outcome, witnessed), systemClock.dateMs())
    const seen = seenIn(outcome, memory, witnessed)
    metrics.onSeen(seen)
    companions.onSeen(seen)
    const revision = outcome.held?.revision ?? outcome.manifests?.revision
    if (revision !== undefined) void labels.tell(revision, (commit) => board.onCommit(commit))
  }
}

/** Log lines for transitions of watches, triggers for what changed. */
function followConsul(feed: CatalogFeed, loop: Loop, emit: (event: Event) => void): void {
  const failing = new Set<string>()
  feed.onChange((key) => {
    const watch = feed.watch(key)
    const service = watch?.query.service ?? key
    if (watch?.failure !== undefined && !failing.has(key)) {
      failing.add(key)
      emit({ type: 'consul-lost', service, failure: watch.failure })
    } else if (watch?.failure === undefined && failing.delete(key))
      emit({ type: 'consul-back', service })
    loop.trigger(`Consul service ${service}`)
  })
}

function emitter(
  { console, asked }: Context,
  { board, metrics, companions }: Pick<Around, 'board' | 'metrics' | 'companions'>,
): (event: Event) => void {
  const format = flag({ asked }, 'log-format') === 'json' ? 'json' : 'text'
  return (event) => {
    board.onEvent(event)
    metrics.onEvent(event, Date.now())
    const line = logLine(event, new Date().toISOString(), format)
    if (line !== '') console.err(line)
    companions.onEvent(event)
  }
}
