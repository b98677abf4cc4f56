/** Steady requests through HAProxy: a port and what is right go in, every request that went wrong comes out. */
import { Agent, get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

export interface Lane {
  readonly port: number
  readonly host?: string
  /** Whether this web server may answer; anything else is a failure. */
  readonly right: (server: string) => boolean
}

export interface LoadResult {
  readonly requests: number
  /** What went wrong, and when (ms since the start); nothing is ever asked again. */
  readonly failures: readonly string[]
}

export interface Load {
  readonly servers: ReadonlyMap<string, number>
  stop(): Promise<LoadResult>
}

const PAUSE_MS = 8

/** Each lane asks twice at a time: on a connection of its own for each request, and on one that is kept. */
export function startLoad(...lanes: readonly Lane[]): Load {
  const beganMs = performance.now()
  const servers = new Map<string, number>()
  const failures: string[] = []
  let requests = 0
  const state = { isOver: false }
  const run = async (lane: Lane, agent: Agent | false): Promise<void> => {
    while (!state.isOver) {
      const { server, trouble } = await askOnce(lane, agent)
      requests += 1
      if (server !== undefined) servers.set(server, (servers.get(server) ?? 0) + 1)
      const kind = agent === false ? 'new' : 'kept'
      if (trouble !== undefined)
        failures.push(`${Math.round(performance.now() - beganMs)} ms, ${kind}: ${trouble}`)
      await pause(PAUSE_MS)
    }
    if (agent !== false) agent.destroy()
  }
  const running = lanes.flatMap((lane) => [
    run(lane, false),
    run(lane, new Agent({ keepAlive: true, maxSockets: 1 })),
  ])
  return {
    servers,
    async stop() {
      state.isOver = true
      await Promise.all(running)
      return { requests, failures }
    },
  }
}

interface Asked {
  readonly server?: string
  readonly trouble?: string
}

function askOnce(
  { port, host = 'example.org', right }: Lane,
  agent: Agent | false,
): Promise<Asked> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/', headers: { host }, agent, timeout: 4000 }
    const request = get(options, (response) => {
      const server = response.headers['x-server']?.toString()
      response.resume()
      response.on('error', (error) => resolve({ trouble: `cut off: ${error.message}` }))
      response.on('end', () => resolve(judge(response.statusCode ?? 0, server, right)))
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 4 s')))
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ trouble: error.code ?? error.message }),
    )
  })
}

function judge(status: number, server: string | undefined, right: Lane['right']): Asked {
  if (status !== 200 || server === undefined) return { trouble: `status ${status}` }
  return right(server) ? { server } : { server, trouble: `answered by ${server}` }
}
