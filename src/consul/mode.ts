/**
 * How many questions are followed over few connections: circumstances go in, a mode comes out. Pure.
 *
 * | questions              | address                   | mode                                           |
 * |------------------------|---------------------------|------------------------------------------------|
 * | as many as connections | any                       | http1: a connection and a blocking query each  |
 * | more                   | https, HTTP/2 is offered  | http2: blocking queries share connections      |
 * | more                   | https, it is not; http    | sweep: asked in turn, without blocking         |
 */

export type Mode = 'http1' | 'http2' | 'sweep'

export interface Circumstances {
  readonly wish: Mode | 'auto'
  readonly now: Mode
  readonly questions: number
  readonly connections: number
  /** Not refused so far, that is. */
  readonly offersHttp2: boolean
}

/** Below this share of the connections, one each is tried again. */
const COMFORTABLE = 0.8

export function chooseMode(c: Circumstances): Mode {
  if (c.wish !== 'auto') return c.wish
  const enough = c.now === 'http1' ? c.connections : c.connections * COMFORTABLE
  if (c.questions <= enough) return 'http1'
  return c.offersHttp2 ? 'http2' : 'sweep'
}

const SHORTEST_POLL_MS = 5_000
const POLLS_PER_SECOND = 100

/** Between two readings of one question in a sweep. */
export function pollMs(questions: number): number {
  return Math.max(SHORTEST_POLL_MS, (questions * 1_000) / POLLS_PER_SECOND)
}
