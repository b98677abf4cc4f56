/** Requests without rest and without second tries: lanes go in, how many there were and which failed comes out. */
import { Agent, get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
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

/** No request takes that long, unless it is lost. */
const LOST_MS = 30_000

/** A connection for each request (`fresh`), one for all of them (`kept`), long answers on connections of either sort. */
export function startLoad(lanes: readonly Lane[], strength: Strength): Load {
  const beganMs = performance.now()
  const requests: Record<Kind, number> = { fresh: 0, kept: 0, slow: 0 }
  const failures: string[] = []
  const state = { isOver: false }
  const run = async (lane: Lane, kind: Kind, isKept: boolean): Promise<void> => {
    const agent = isKept && new Agent({ keepAlive: true, maxSockets: 1 })
    const path = kind === 'slow' ? `/slow?ms=${strength.slowMs}` : '/'
    while (!state.isOver) {
      const sentMs = Math.round(performance.now() - beganMs)
      const trouble = await ask(lane, { path, agent })
      requests[kind] += 1
      if (trouble !== undefined)
        failures.push(
          `${sentMs} to ${Math.round(performance.now() - beganMs)} ms, ${kind}: ${trouble}`,
        )
      await pause(strength.pauseMs)
    }
    if (agent !== false) agent.destroy()
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

interface Way {
  readonly path: string
  readonly agent: Agent | false
}

/** What went wrong, if anything did. */
export function ask(
  { port, host, right }: Lane,
  { path, agent }: Way,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, headers: { host }, agent, timeout: LOST_MS }
    const request = get(options, (response) => {
      const server = response.headers['x-server']?.toString()
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('error', (error) => resolve(`cut off: ${error.message}`))
      response.on('end', () => {
        if (response.statusCode !== 200) resolve(`status ${response.statusCode}`)
        else if (!body.endsWith(END)) resolve('cut off')
        else resolve(server !== undefined && right(server) ? undefined : `answered by ${server}`)
      })
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${LOST_MS} ms`)))
    request.on('error', (error: NodeJS.ErrnoException) => {
      const reused = request.reusedSocket ? ' on a connection that was kept' : ''
      resolve(`${error.code ?? error.message}${reused}`)
    })
  })
}
