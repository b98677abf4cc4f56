/** Events in, messages out: an outbox, one message under way and one timer for each receiver; none waits for another. */
import type { Event, PassResult } from '../model/event.ts'
import type { Clock } from '../model/feed.ts'
import type { ReceiverSettings } from '../model/settings.gen.ts'
import type { Message } from './message.ts'
import type { Known, Notice, Told } from './notice.ts'
import { knownAfter, NOTHING_KNOWN, noticesOf } from './notice.ts'
import type { Belief, Outbox, OutboxRules } from './outbox.ts'
import { beliefsIn, dueMs, note, restore, settle, take } from './outbox.ts'
import type { SendLimits, Sent } from './send.ts'

export interface NotifierRules extends OutboxRules {
  readonly timeoutMs: number
  readonly attempts: number
  /** First and longest pause between attempts. */
  readonly retryMs: { readonly first: number; readonly most: number }
}

export type Beliefs = ReadonlyMap<string, readonly Belief[]>

/** Whatever stands has been noted by the end of the second one that ends well. */
const SETTLING_PASSES = 2
const WELL: ReadonlySet<PassResult> = new Set(['in-sync', 'applied'] as const)

export interface NotifierPorts {
  readonly clock: Clock
  readonly host: string
  readonly newId: () => string
  readonly send: (receiver: ReceiverSettings, message: Message, limits: SendLimits) => Promise<Sent>
  /** For the log. */
  readonly emit: (event: Event) => void
  /** What each receiver, by its name, was told of when an earlier Legate ended; and what it is told of now. */
  readonly before: Beliefs
  readonly keep: (beliefs: Beliefs) => void
  /** For the metrics; `dropped` when it was given up. */
  readonly count: (
    type: ReceiverSettings['type'],
    result: 'success' | 'failure' | 'dropped',
  ) => void
}

export class Notifier {
  readonly #couriers: readonly Courier[]
  #known: Known = NOTHING_KNOWN
  #passes = 0

  constructor(receivers: readonly ReceiverSettings[], rules: NotifierRules, ports: NotifierPorts) {
    const onTold = (): void => ports.keep(new Map(this.#couriers.map((c) => [c.name, c.beliefs])))
    this.#couriers = receivers.map((receiver) => new Courier(receiver, rules, ports, onTold))
  }

  onEvent(told: Told): void {
    const notices = noticesOf(this.#known, told)
    this.#known = knownAfter(this.#known, told)
    for (const notice of notices) for (const courier of this.#couriers) courier.note(notice)
    if (told.event.type === 'pass-ended' && WELL.has(told.event.result)) this.#onGoodPass()
  }

  #onGoodPass(): void {
    this.#passes += 1
    if (this.#passes === SETTLING_PASSES) for (const courier of this.#couriers) courier.settle()
  }

  /** What is under way is let go. */
  close(): void {
    for (const courier of this.#couriers) courier.close()
  }
}

class Courier {
  readonly #receiver: ReceiverSettings
  readonly #topics: ReadonlySet<string>
  readonly #rules: NotifierRules
  readonly #ports: NotifierPorts
  readonly #closing = new AbortController()
  readonly #onTold: () => void
  #outbox: Outbox
  #dropped = 0
  #isSending = false
  #callOff: () => void = () => undefined

  constructor(
    receiver: ReceiverSettings,
    rules: NotifierRules,
    ports: NotifierPorts,
    onTold: () => void,
  ) {
    this.#receiver = receiver
    this.#onTold = onTold
    this.#outbox = restore(ports.before.get(receiver.name) ?? [])
    this.#topics = new Set(receiver.topics)
    this.#rules = rules
    this.#ports = ports
  }

  get name(): string {
    return this.#receiver.name
  }

  get beliefs(): readonly Belief[] {
    return beliefsIn(this.#outbox)
  }

  settle(): void {
    const { clock } = this.#ports
    this.#outbox = settle(this.#outbox, clock.monotonicMs(), clock.dateMs(), this.#rules)
    this.#wait()
  }

  note(notice: Notice): void {
    if (!this.#topics.has(notice.topic)) return
    const before = this.#outbox
    this.#outbox = note(before, notice, this.#ports.clock.monotonicMs(), this.#rules)
    for (let i = before.dropped; i < this.#outbox.dropped; i += 1)
      this.#ports.count(this.#receiver.type, 'dropped')
    if (this.#outbox !== before) this.#wait()
  }

  close(): void {
    this.#callOff()
    this.#closing.abort()
  }

  #wait(): void {
    this.#callOff()
    if (this.#isSending || this.#closing.signal.aborted) return
    const { clock } = this.#ports
    const due = dueMs(this.#outbox)
    if (due === undefined) return
    this.#callOff = clock.after(Math.max(0, due - clock.monotonicMs()), () => this.#sendDue())
  }

  #sendDue(): void {
    const { clock, host, newId } = this.#ports
    const { outbox, notices } = take(this.#outbox, clock.monotonicMs(), this.#rules)
    this.#outbox = outbox
    if (notices.length === 0) return this.#wait()
    this.#onTold()
    const dropped = outbox.dropped - this.#dropped
    this.#dropped = outbox.dropped
    this.#isSending = true
    void this.#try({ id: newId(), host, notices, dropped }, 1)
  }

  async #try(message: Message, attempt: number): Promise<void> {
    const { clock, send, count } = this.#ports
    const { timeoutMs, attempts } = this.#rules
    const { signal } = this.#closing
    const sent = await send(this.#receiver, message, { timeoutMs, signal, nowMs: clock.dateMs() })
    if (signal.aborted) return
    if (sent.state === 'taken') count(this.#receiver.type, 'success')
    else {
      const gaveUp = sent.isFinal || attempt >= attempts
      count(this.#receiver.type, gaveUp ? 'dropped' : 'failure')
      if (gaveUp || attempt === 1) this.#tell(sent.why, gaveUp)
      if (!gaveUp) return this.#tryAgain(message, attempt)
    }
    this.#isSending = false
    this.#wait()
  }

  #tryAgain(message: Message, attempt: number): void {
    const { clock } = this.#ports
    const { first, most } = this.#rules.retryMs
    const ms = Math.min(most, first * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2)
    this.#callOff = clock.after(ms, () => void this.#try(message, attempt + 1))
  }

  #tell(message: string, gaveUp: boolean): void {
    const receiver = this.#receiver.name
    this.#ports.emit({ type: 'notification-failed', receiver, message, gaveUp })
  }
}
