/**
 * While questions fail: whether Consul answers at all goes in, that it does so again comes out. Questions sleep for up
 * to a minute after an outage; one small request that does not end with them soon enough tells all of them to wake.
 */
import type { Clock } from '../model/feed.ts'
import type { Lines } from './lines.ts'

export interface HeartbeatMeans {
  readonly lines: Lines
  readonly clock: Clock
  readonly timeoutMs: number
  /** Consul did not answer, and does now. */
  onBack(): void
}

const EVERY_MS = 2_000
/** An address in quotes. */
const MOST_BYTES = 1_024
/** Empty quotes: the servers have no leader. */
const SOMEBODY_LEADS = /^\s*"[^"]+"\s*$/

/**
 *   still ──listen──▶ beating: every two seconds until `rest`
 *
 * A beat that is answered says nothing new, unless one before it was not: a question that fails while
 * Consul answers others has its own reason, and its own back-off.
 */
export class Heartbeat {
  readonly #means: HeartbeatMeans
  #wasLost = false
  #callOff: (() => void) | undefined
  #beat: AbortController | undefined

  constructor(means: HeartbeatMeans) {
    this.#means = means
  }

  listen(): void {
    if (this.#callOff === undefined && this.#beat === undefined) this.#beatLater()
  }

  rest(): void {
    this.#callOff?.()
    this.#callOff = undefined
    this.#beat?.abort()
    this.#beat = undefined
    this.#wasLost = false
  }

  #beatLater(): void {
    const { clock } = this.#means
    this.#callOff = clock.after(EVERY_MS * (0.75 + clock.random() / 2), () => {
      this.#callOff = undefined
      void this.#listenOnce()
    })
  }

  async #listenOnce(): Promise<void> {
    const beat = new AbortController()
    this.#beat = beat
    const isThere = await this.#ask(beat.signal)
    // At rest since, or at rest and listening again.
    if (this.#beat !== beat) return
    this.#beat = undefined
    this.#beatLater()
    const isBack = isThere && this.#wasLost
    this.#wasLost = !isThere
    if (isBack) this.#means.onBack()
  }

  /** By a connection of its own: those of the questions may be dead, or taken. */
  async #ask(signal: AbortSignal): Promise<boolean> {
    const { lines, timeoutMs } = this.#means
    const own = await lines.openOwn()
    if (!own.ok) return false
    const limits = { timeoutMs, maxBytes: MOST_BYTES, signal }
    const answer = await own.value.get('/v1/status/leader', [], limits)
    own.value.close()
    return answer.ok && answer.value.status === 200 && SOMEBODY_LEADS.test(answer.value.body)
  }
}
