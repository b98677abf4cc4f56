/** Follows one question: lets the state machine decide, reads and waits as it says, and keeps the entry for the catalog. */
import { queryKey, type CatalogEntry, type ServiceQuery } from '../model/catalog.ts'
import type { Clock, Watch } from '../model/feed.ts'
import type { Asked, Read } from './watch-read.ts'
import {
  freshWatch,
  step,
  type Rules,
  type Todo,
  type WatchEvent,
  type WatchState,
} from './watch-state.ts'

export interface WatchMeans {
  readonly clock: Clock
  readonly read: Read
  rules(): Rules
  /** The entry has changed, or the question began or ceased to fail. */
  onChange(key: string): void
  /** It begins, or ceases, to fail for a reason that is not its own. */
  onAway(isAway: boolean): void
  /** Consul is back. */
  onReachable(): void
  /** Consul asks for less. */
  onBusy(): void
}

export class FollowedQuestion {
  readonly key: string
  readonly #query: ServiceQuery
  readonly #means: WatchMeans
  #state: WatchState
  #entry: CatalogEntry | undefined
  #failedMs: number | undefined
  #callOff: (() => void) | undefined
  #reading: AbortController | undefined

  constructor(query: ServiceQuery, means: WatchMeans) {
    this.key = queryKey(query)
    this.#query = query
    this.#means = means
    this.#state = freshWatch(means.clock.monotonicMs())
  }

  get entry(): CatalogEntry | undefined {
    return this.#entry
  }

  status(): Watch {
    const { lastSuccessMs, failure, failures, doubt } = this.#state
    return {
      key: this.key,
      query: this.#query,
      ...(lastSuccessMs !== undefined && { lastSuccessMs }),
      ...(failure !== undefined && { failure: failure.failure }),
      failures,
      confirming: doubt !== undefined,
      ...(this.#means.rules().pollMs !== undefined && { polled: true as const }),
    }
  }

  send(event: WatchEvent): void {
    const before = this.#state
    const { clock } = this.#means
    const { state, todo } = step(before, event, {
      atMs: clock.monotonicMs(),
      dateMs: clock.dateMs(),
      chance: clock.random(),
      rules: this.#means.rules(),
    })
    this.#state = state
    if (event.type === 'failed') this.#failedMs = clock.monotonicMs()
    this.#act(todo)
    this.#tell(before, state)
  }

  #act(todo: Todo): void {
    if (todo.type === 'nothing') return
    this.#letGo()
    if (todo.type === 'rest')
      this.#callOff = this.#means.clock.after(todo.ms, () => this.send({ type: 'due' }))
    if (todo.type === 'read') this.#read(todo.index, todo.deadlineMs)
  }

  #letGo(): void {
    this.#callOff?.()
    this.#callOff = undefined
    this.#reading?.abort()
    this.#reading = undefined
  }

  /** Not `async`, like all on the way to the answer that does not have to: each step of thousands would be kept. */
  #read(index: bigint, deadlineMs: number): void {
    const reading = new AbortController()
    this.#reading = reading
    const { known, failure } = this.#state
    const asked: Asked = {
      index,
      deadlineMs,
      waitMs: this.#means.rules().waitMs,
      known,
      failedMs: failure === undefined ? undefined : this.#failedMs,
      signal: reading.signal,
    }
    void this.#means.read(asked).then((event) => this.#onRead(reading, event))
  }

  #onRead(reading: AbortController, event: WatchEvent): void {
    // What was let go of may still end, with an answer or without.
    if (this.#reading !== reading) return
    this.#reading = undefined
    this.send(event)
  }

  #tell(before: WatchState, now: WatchState): void {
    const isOther = this.#renew(before, now)
    const isTurn = (before.failure === undefined) !== (now.failure === undefined)
    if (isOther || isTurn) this.#means.onChange(this.key)
    if (isAway(before) !== isAway(now)) this.#means.onAway(isAway(now))
    if (before.failure?.kind === 'away' && now.failure === undefined) this.#means.onReachable()
    if (now.failures > before.failures && now.failure?.kind === 'busy') this.#means.onBusy()
  }

  /** A failure stands in the catalog only until the first answer, and as long as its reason is the same. */
  #renew(before: WatchState, { known, failure }: WatchState): boolean {
    const query = this.#query
    if (known !== undefined) {
      if (known === before.known) return false
      this.#entry = { query, answer: known }
      return true
    }
    const old = this.#entry?.answer
    if (failure === undefined) return false
    if (old?.state === 'failed' && old.failure.reason === failure.failure.reason) return false
    this.#entry = { query, answer: { state: 'failed', failure: failure.failure } }
    return true
  }
}

function isAway({ phase, failure }: WatchState): boolean {
  return phase.name !== 'ended' && failure?.kind === 'away'
}
