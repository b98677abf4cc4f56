/** Gives each test a real HAProxy with a hold on it, and web servers behind; all are gone at its end. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createWriter } from '../../src/files/writer.ts'
import { createHold } from '../../src/haproxy/hold.ts'
import type { Actual } from '../../src/model/actual.ts'
import type { Bundle, WantedServer } from '../../src/model/bundle.ts'
import type { ApplyOutcome, Hold } from '../../src/model/ports.ts'
import type { RunningServer, RunningState, RuntimeChange } from '../../src/model/runtime.ts'
import { startHaproxy, TIMEOUTS, type StartedHaproxy } from '../haproxy/start-haproxy.ts'
import { sketchBundle } from '../tools/bundle.ts'
import { holdOptionsFor } from '../tools/hold-options.ts'

export const MODES = ['master-socket', 'command'] as const
export type Mode = (typeof MODES)[number]

export interface LiveRig {
  readonly haproxy: StartedHaproxy
  readonly hold: Hold
  look(): Promise<Actual>
  /** What a look shows; with a memory of its own, so that nothing is believed that was only remembered. */
  live(): Promise<RunningState>
  server(backend: string, name: string): Promise<RunningServer | undefined>
  /** Looks and applies. */
  change(...changes: readonly RuntimeChange[]): Promise<ApplyOutcome>
  /** The body of an answer through the frontend `name`. */
  fetch(frontend: string, path?: string): Promise<string>
  /** Rows of `show stat` for the servers of a backend, by server. */
  stat(backend: string): Promise<Map<string, Record<string, string>>>
}

export interface LiveSketch {
  readonly binary: string
  readonly mode?: Mode
  readonly certificates?: readonly string[]
  readonly socketTimeoutMs?: number
  /** Sections after `defaults`; `folder` is the one of HAProxy. */
  readonly sections: (folder: string) => string | Promise<string>
}

export async function makeLive(sketch: LiveSketch): Promise<LiveRig> {
  const { binary, mode = 'master-socket', certificates = [], socketTimeoutMs = 5000 } = sketch
  const haproxy = await startHaproxy(
    binary,
    async (folder) => `global
  stats socket ${folder}/stats.sock mode 600 level admin
defaults
  mode http
  ${TIMEOUTS}
${await sketch.sections(folder)}`,
  )
  onTestFinished(() => haproxy.stop())
  const { folder, masterSocket, statsSocket } = haproxy
  const settings = { mode, binary, masterSocket, statsSocket, socketTimeoutMs }
  const options = holdOptionsFor(folder, settings)
  const hold = createHold(options, createWriter())
  const desired: Bundle = sketchBundle({ statsSocket })
  const live = { ...desired.live, certificates: new Map(certificates.map((path) => [path, ''])) }
  const bundle = { ...desired, live }
  const stateOf = async (from: Hold): Promise<RunningState> => {
    const { running } = await from.observe(bundle)
    if (running.state !== 'running') throw new Error(JSON.stringify(running))
    return running.process.live
  }
  const rig: LiveRig = {
    haproxy,
    hold,
    look: () => hold.observe(bundle),
    live: () => stateOf(createHold(options, createWriter())),
    async server(backend, name) {
      return (await rig.live()).servers.get(backend)?.find((s) => s.name === name)
    },
    async change(...changes) {
      const actual = await hold.observe(bundle)
      return hold.apply(bundle, { action: 'runtime', reasons: [], changes }, actual)
    },
    fetch: (frontend, path = '/') => fetchThrough(join(folder, `${frontend}.sock`), path),
    async stat(backend) {
      const [heading = '', ...lines] = (await haproxy.ask(`show stat ${backend} 4 -1`, '@1'))
        .split('\n')
        .filter((line) => line !== '')
      const names = heading.replace('# ', '').split(',')
      return new Map(
        lines.map((line) => {
          const cells = line.split(',')
          const row = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
          return [row['svname'] ?? '', row]
        }),
      )
    },
  }
  return rig
}

function fetchThrough(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (body += chunk))
      answer.on('end', () => resolve(answer.statusCode === 200 ? body : String(answer.statusCode)))
      answer.on('aborted', () => resolve('aborted'))
    })
    asked.on('error', reject)
    asked.end()
  })
}

export interface Web {
  readonly port: number
  /** Connections it was given so far, checks included. */
  connections(): number
  /** Paths it was asked for so far. */
  readonly asked: string[]
  /** Lets the requests to `/hold` end. */
  release(): void
  healthy: boolean
}

/** Answers with the name, `/health` with 200 or 503, and keeps `/hold` waiting. */
export async function startWeb(name: string, address = '127.0.0.1'): Promise<Web> {
  let connections = 0
  const waiting: (() => void)[] = []
  const asked: string[] = []
  const server = createServer((question, answer) => {
    asked.push(question.url ?? '')
    if (question.url === '/hold') waiting.push(() => void answer.end(name))
    else if (question.url === '/health') answer.writeHead(web.healthy ? 200 : 503).end()
    else answer.end(name)
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', () => (connections += 1))
  server.listen(0, address)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const web: Web = {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    asked,
    release: () => waiting.splice(0).forEach((end) => end()),
    healthy: true,
  }
  return web
}

export function wanted(
  name: string,
  port: number,
  words: string,
  changes: Partial<WantedServer> = {},
): WantedServer {
  const weight = Number(/weight (\d+)/.exec(words)?.[1] ?? 1)
  return {
    name,
    address: '127.0.0.1',
    port,
    weight,
    words: words.split(' ').filter((word) => word !== ''),
    ...changes,
  }
}

/** The outcome, when it is a success. */
export function applied(outcome: ApplyOutcome): Extract<ApplyOutcome, { state: 'applied' }> {
  if (outcome.state !== 'applied') throw new Error(JSON.stringify(outcome))
  return outcome
}

/** The state that an outcome says is there now. */
export function liveOf(outcome: ApplyOutcome): RunningState {
  const running = outcome.actual?.running
  if (running?.state !== 'running') throw new Error(JSON.stringify(outcome))
  return running.process.live
}
