/** Requests without rest and without second tries: lanes go in, how many there were and which failed comes out. */
import { setTimeout as pause } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { END } from './web.ts'

export interface Lane {
  readonly port: number
  readonly host: string
  /** Whether this web server may answer; anything else is a failure. */
  readonly right: (server: string) => boolean
}

const KINDS = ['fresh', 'kept', 'slow'] as const
export type Kind = (typeof KINDS)[number]

export interface LoadResult {
  readonly requests: Readonly<Record<Kind, number>>
  /** What went wrong, and when (ms since the start). */
  readonly failures: readonly string[]
}

export interface Load {
  /** How many have failed so far. */
  readonly failed: number
  readonly total: number
  stop(): Promise<LoadResult>
}

export interface Strength {
  /** Clients at a time of each kind, for each lane. */
  readonly clients: Readonly<Record<Kind, number>>
  /** Between two requests of a client. */
  readonly pauseMs: number
  readonly slowMs: number
}

/** A connection for each request (`fresh`), one for all of them (`kept`), long answers on connections of either sort. */
export function startLoad(lanes: readonly Lane[], strength: Strength): Load {
  const beganMs = performance.now()
  const requests: Record<Kind, number> = { fresh: 0, kept: 0, slow: 0 }
  const failures: string[] = []
  const state = { isOver: false }
  const run = async (lane: Lane, kind: Kind, isKept: boolean): Promise<void> => {
    const kept = isKept ? new Connection(lane.port) : undefined
    const path = kind === 'slow' ? `/slow?ms=${strength.slowMs}` : '/'
    while (!state.isOver) {
      const sentMs = Math.round(performance.now() - beganMs)
      const trouble = await ask(lane, path, kept)
      requests[kind] += 1
      if (trouble !== undefined)
        failures.push(
          `${sentMs} to ${Math.round(performance.now() - beganMs)} ms, ${kind}: ${trouble}`,
        )
      await pause(strength.pauseMs)
    }
    kept?.close()
  }
  const running = lanes.flatMap((lane) =>
    KINDS.flatMap((kind) =>
      Array.from({ length: strength.clients[kind] }, (_, i) =>
        run(lane, kind, kind === 'kept' || (kind === 'slow' && i % 2 === 0)),
      ),
    ),
  )
  return {
    get failed() {
      return failures.length
    },
    get total() {
      return Object.values(requests).reduce((sum, count) => sum + count, 0)
    },
    async stop() {
      state.isOver = true
      await Promise.all(running)
      return { requests, failures }
    },
  }
}

/** What went wrong, if anything did; without `kept` on a connection of its own. */
export async function ask(
  { port, host, right }: Lane,
  path: string,
  kept?: Connection,
): Promise<string | undefined> {
  try {
    const connection = kept ?? new Connection(port)
    const { status, headers, body } = await connection.ask(host, path, kept === undefined)
    if (status !== 200) return `status ${status}`
    if (!body.endsWith(END)) return 'cut off'
    const server = headers.get('x-server')
    return server !== undefined && right(server) ? undefined : `answered by ${server}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
