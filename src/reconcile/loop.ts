/** Triggers in, passes out: drives the state machine of loop-state.ts, remembers what judge-pass.ts says. */
import type { DepartureGuard } from '../compile/departures.ts'
import type { Event } from '../model/event.ts'
import type { Clock } from '../model/feed.ts'
import { mayRemove, refusedNow } from './hold-back.ts'
import { judgePass, oldWorkers } from './judge-pass.ts'
import type { LoopEvent, LoopState, Windows } from './loop-state.ts'
import { INITIAL, step } from './loop-state.ts'
import type { LoopLimits, LoopMemory } from './memory.ts'
import { CHECK_REST_MS, emptyMemory, FILE_REST_MS } from './memory.ts'
import type { Intent, Outcome } from './outcome.ts'
import { gateWaitMs } from './reload-gate.ts'

export interface LoopSettings {
  readonly windows: Windows
  readonly limits: LoopLimits
  readonly departures: DepartureGuard
  /** Time between passes when nothing triggers one: finds what nobody told. */
  readonly lookMs: number
  readonly allow: Intent['allow']
}

export interface LoopPorts {
  readonly clock: Clock
  readonly pass: (intent: Intent) => Promise<Outcome>
  /** Every event, in order, and the outcome of each pass for the status. */
  readonly emit: (event: Event) => void
  readonly ended: (outcome: Outcome, memory: LoopMemory) => void
}

/** HAProxy backends to look at; undefined: at everything. */
type Glance = ReadonlySet<string> | undefined

const SOONEST_LOOK_MS = 50

export class Loop {
  readonly #ports: LoopPorts
  readonly #settings: LoopSettings
  #state: LoopState = INITIAL
  #memory: LoopMemory
  #oldWorkers = 0
  /** Told by `distrust` since the pass that runs began: what it has looked at may be another by now. */
  #isDistrusted = false
  #callOffDue: () => void = () => undefined
  #callOffAgain: () => void = () => undefined
  #onStopped: () => void = () => undefined
  readonly #stopped: Promise<void>

  constructor(settings: LoopSettings, ports: LoopPorts) {
    this.#settings = settings
    this.#ports = ports
    this.#memory = emptyMemory(settings.limits)
    this.#stopped = new Promise((resolve) => {
      this.#onStopped = resolve
    })
  }

  /** Something may have changed; `reason` is for the log. */
  trigger(reason: string): void {
    this.#send({ type: 'trigger', reason })
  }

  /** What was refused may be tried again: its surroundings have changed, or a person asks. */
  forgive(): void {
    this.#memory = { ...this.#memory, refused: new Map() }
    this.distrust()
  }

  /** Somebody else may have changed the file or the process: the next pass looks at everything. */
  distrust(): void {
    this.#isDistrusted = true
    this.#memory = { ...this.#memory, lookedMs: undefined }
  }

  /** Ends when the pass that runs has ended; one more is run where the file is behind the process. */
  async stop(): Promise<void> {
    this.#ports.emit({ type: 'stopping' })
    this.#send({ type: 'stop', fileLags: this.#memory.fileLags })
    await this.#stopped
    this.#ports.emit({ type: 'stopped' })
  }

  #send(event: LoopEvent): void {
    const { clock } = this.#ports
    const { state, todo } = step(this.#state, event, clock.monotonicMs(), this.#settings.windows)
    this.#state = state
    if (todo.type === 'run') void this.#run(todo.reasons)
    if (todo.type === 'wait') {
      this.#callOffDue()
      this.#callOffDue = clock.after(todo.ms, () => this.#send({ type: 'due' }))
    }
    if (todo.type === 'end') this.#end()
  }

  #end(): void {
    this.#callOffDue()
    this.#callOffAgain()
    this.#onStopped()
  }

  async #run(reasons: readonly string[]): Promise<void> {
    const { clock, emit, pass } = this.#ports
    const beganMs = clock.monotonicMs()
    this.#callOffAgain()
    this.#isDistrusted = false
    emit({ type: 'pass-began', reasons })
    try {
      const glance = this.#glanceAt(beganMs, reasons)
      const outcome = await pass(this.#intent(beganMs, glance))
      this.#learn(outcome, beganMs, glance)
    } catch (error) {
      // The one boundary where a bug is caught: the daemon goes on with what HAProxy has.
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      emit({ type: 'bug', message })
      emit({ type: 'pass-ended', result: 'bug', tookMs: clock.monotonicMs() - beganMs })
      this.#again(this.#settings.limits.retryMs.most)
    }
    this.#send({ type: 'ended', fileLags: this.#memory.fileLags })
  }

  #intent(atMs: number, glance: Glance): Intent {
    const { limits, departures, allow } = this.#settings
    const removal = allow?.removal === true || mayRemove(this.#memory, limits, atMs)
    const { proven, fileMs, fileLags, unchecked } = this.#memory
    const restedMs = fileMs === undefined ? Infinity : atMs - fileMs
    const isStopping = this.#state.name === 'stopping'
    const waitMs = gateWaitMs(this.#memory.gate, this.#oldWorkers, atMs, limits.reload)
    return {
      until: 'applied',
      allow: { ...allow, removal },
      daemon: {
        refused: refusedNow(this.#memory, atMs),
        departures,
        mayReload: waitMs === 0,
        fileRests: !isStopping && restedMs < FILE_REST_MS,
        checkDue: unchecked && !fileLags && restedMs >= CHECK_REST_MS,
        ...(proven !== undefined && { proven }),
        ...(glance !== undefined && { glance }),
      },
    }
  }

  /**
   * Between two looks Legate itself is what changes the process, and it knows what it did: then only those
   * backends are looked at in which something is due. A change does not wait for a look that is due as well,
   * unless that is overdue.
   */
  #glanceAt(atMs: number, reasons: readonly string[]): Glance {
    const { lookedMs, waitingIn } = this.#memory
    const isLook = reasons.every((reason) => reason === 'look')
    const patienceMs = this.#settings.lookMs * (isLook ? 1 : 2)
    if (lookedMs === undefined || atMs - lookedMs >= patienceMs) return undefined
    return new Set([...waitingIn].flatMap(([name, { dueMs }]) => (dueMs <= atMs ? [name] : [])))
  }

  #learn(outcome: Outcome, beganMs: number, glanced: Glance): void {
    const { clock, emit, ended } = this.#ports
    const moment = {
      atMs: clock.monotonicMs(),
      random: clock.random(),
      ...(glanced !== undefined && { glanced }),
    }
    const judged = judgePass(outcome, this.#memory, this.#settings.limits, moment)
    this.#memory = this.#isDistrusted ? { ...judged.memory, lookedMs: undefined } : judged.memory
    this.#oldWorkers = oldWorkers(outcome)
    for (const event of judged.events) if (!this.#isOwnDoing(event)) emit(event)
    const revision = outcome.manifests?.revision
    emit({
      type: 'pass-ended',
      result: judged.result,
      tookMs: moment.atMs - beganMs,
      ...(revision !== undefined && { revision }),
    })
    ended(outcome, judged.memory)
    this.#again(Math.min(judged.againMs ?? Infinity, this.#nextLookMs(moment.atMs)))
  }

  #nextLookMs(atMs: number): number {
    const { lookMs } = this.#settings
    const { lookedMs = atMs } = this.#memory
    return Math.max(SOONEST_LOOK_MS, lookedMs + lookMs - atMs)
  }

  /** What is not begun because the daemon ends is no failure. */
  #isOwnDoing(event: Event): boolean {
    const isEnding = this.#state.name === 'stopping'
    return isEnding && event.type === 'failed' && event.failure.reason === 'interrupted'
  }

  #again(ms: number): void {
    this.#callOffAgain()
    this.#callOffAgain = this.#ports.clock.after(ms, () => this.#send({ type: 'look' }))
  }
}
