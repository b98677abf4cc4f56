/** A site with a daemon at work on it: manifests go in, a process that is asked, told and ended comes out. */
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { runCommands } from '../../src/haproxy/cli.ts'
import type { Status } from '../../src/report/status.ts'
import { haproxy, makeSite, until, type Site } from '../e2e/rig.ts'
import { startWeb } from '../e2e/web.ts'
import { freePort } from '../tools/free-port.ts'
import type { Ended } from '../tools/site.ts'
import { watchConfig, type Watched } from './config-watch.ts'
import { startLoad, type Lane, type LoadResult } from './load.ts'
import { put, type Consul } from './services.ts'

/** Between two looks. */
const LOOK_MS = 30

/** Everything that takes time takes less of it. */
const HASTE = {
  loop: {
    endpointQuiet: '50ms',
    endpointMax: '300ms',
    reloadQuiet: '50ms',
    reloadMax: '500ms',
    reloadBurst: 100,
    reloadEvery: '100ms',
    look: '500ms',
    syncTimeout: '1500ms',
    stopTimeout: '15s',
  },
  guards: { backendHold: '1500ms', totalHold: '2500ms' },
  consul: { timeout: '2s' },
} as const

export interface DaemonSite extends Site {
  readonly listen: string
  /** Writes the settings anew, with these changes to the hasty ones. */
  settings(changes: Changes): void
}

export interface Changes {
  readonly loop?: object
  readonly guards?: object
  readonly consul?: object
  readonly haproxy?: object
  readonly [name: string]: unknown
}

export async function makeDaemonSite(
  consul: Pick<Consul, 'address'>,
  manifests: Parameters<typeof makeSite>[0],
  changes: Changes = {},
): Promise<DaemonSite> {
  const listen = `127.0.0.1:${await freePort()}`
  const hasty = ({ loop, guards, consul: asked, ...others }: Changes): object => ({
    listen,
    loop: { ...HASTE.loop, ...loop },
    guards: { ...HASTE.guards, ...guards },
    consul: { ...HASTE.consul, address: consul.address, ...asked },
    ...others,
  })
  const site = await makeSite(manifests, { ...hasty(changes) })
  return { ...site, listen, settings: (more) => site.settings({ ...hasty(more) }) }
}

/** Web servers `<service>-1`, `<service>-2` …, as instances of the service; gives their ports. */
export async function putWebs(
  consul: Consul,
  service: string,
  numbers: readonly number[],
): Promise<number[]> {
  const ports: number[] = []
  for (const number of numbers) {
    const id = `${service}-${number}`
    const port = await startWeb(id)
    await put(consul, { service, id, port })
    ports.push(port)
  }
  return ports
}

/** Web servers of the service may answer, nobody else. */
export function only(service: string): { readonly right: (server: string) => boolean } {
  return { right: (server) => server.startsWith(`${service}-`) }
}

export class Daemon {
  readonly #site: DaemonSite
  readonly #child: ChildProcess
  readonly #ended: Promise<Ended>
  #log = ''

  constructor(site: DaemonSite, child: ChildProcess, ended: Promise<Ended>) {
    this.#site = site
    this.#child = child
    this.#ended = ended
    child.stderr?.on('data', (chunk: string) => (this.#log += chunk))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it has logged so far. */
  get log(): string {
    return this.#log
  }

  /** Most that the process ever had. */
  get peakMemoryMiB(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
  }

  get descriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length
  }

  async status(): Promise<Status> {
    const response = await fetch(`http://${this.#site.listen}/api/v1/status`)
    return (await response.json()) as Status
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://${this.#site.listen}/metrics`)).text()
  }

  /** The first status that is as wished; looked at for at most `forMs`. */
  async until(wished: (status: Status) => boolean, forMs = 10_000): Promise<Status> {
    const deadline = performance.now() + forMs
    let last: Status | undefined
    while (performance.now() < deadline) {
      last = await this.status().catch(() => undefined)
      if (last !== undefined && wished(last)) return last
      await pause(LOOK_MS)
    }
    const { why, backends, events, ...rest } = last ?? {}
    const seen = JSON.stringify({ why, backends, rest, events: events?.slice(0, 5) }, undefined, 1)
    throw new Error(`it did not become so within ${forMs} ms:\n${seen}\n${this.#log}`)
  }

  /** In sync, with so many servers in the Backend. */
  servers(name: string, count: number, forMs?: number): Promise<Status> {
    const resource = `Backend/default/${name}`
    return this.until(
      (s) =>
        s.sync === 'InSync' &&
        s.backends.some((b) => b.resource === resource && b.available === count && !b.held),
      forMs,
    )
  }

  async logged(words: string | RegExp, forMs = 10_000): Promise<void> {
    const deadline = performance.now() + forMs
    const isThere = (): boolean =>
      typeof words === 'string' ? this.#log.includes(words) : words.test(this.#log)
    while (!isThere()) {
      if (performance.now() > deadline) throw new Error(`nothing says ${words}:\n${this.#log}`)
      await pause(15)
    }
  }

  /** It listens for signals: what comes next is the lock on the target. */
  async begun(): Promise<void> {
    await until(() => catches(this.pid, SIGHUP))
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Ends it in order. */
  async stop(): Promise<Ended> {
    this.#child.kill('SIGTERM')
    return this.#ended
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** How it ended by itself. */
  ended(): Promise<Ended> {
    return this.#ended
  }
}

/** Node itself leaves this one alone. */
const SIGHUP = 1n

function catches(pid: number, signal: bigint): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return ((BigInt(`0x${mask ?? '0'}`) >> (signal - 1n)) & 1n) === 1n
}

export interface StartOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly starter?: readonly string[]
  readonly root?: string
}

/** Ended with the test, if the test has not ended it. */
export async function startDaemon(site: DaemonSite, options: StartOptions = {}): Promise<Daemon> {
  const { args = [], ...others } = options
  const daemon = await new Promise<Daemon>((resolve, reject) => {
    const ended: Promise<Ended> = site.run(['reconcile', ...args], {
      ...others,
      onStart: (child) => setImmediate(() => resolve(new Daemon(site, child, ended))),
    })
    ended.catch(reject)
  })
  onTestFinished(() => daemon.signal('SIGKILL'))
  return daemon
}

export interface Seen extends LoadResult, Watched {
  /** Reloads by the master that ran before and after; undefined where it is not the same. */
  readonly reloads: number | undefined
}

/** Runs the test's story under requests, with an eye on the configuration file; file and process agree at its end. */
export async function underLoad(
  site: DaemonSite,
  lanes: readonly Omit<Lane, 'port'>[],
  story: () => Promise<void>,
): Promise<Seen> {
  if (haproxy === undefined) throw new Error('no HAProxy')
  await untilTheyAgree(site)
  const before = await site.seen()
  const watch = watchConfig(haproxy, site.configFile, site.path('sampled'))
  const load = startLoad(...lanes.map((lane) => ({ ...lane, port: site.port })))
  try {
    await story()
  } finally {
    // What goes wrong in the story must not keep the requests going.
    await load.stop()
  }
  await untilTheyAgree(site)
  const { masterPid, reloads } = await site.seen()
  return {
    ...(await load.stop()),
    ...(await watch.stop()),
    reloads: masterPid === before.masterPid ? reloads - before.reloads : undefined,
  }
}

/** Number, backend, number, name, address, state, and 0: no administrator has taken it out. */
const TAKES_REQUESTS = /^\d+ app \d+ \S+ \S+ \d+ 0 /

/** Servers of the Backend `app` that the running HAProxy sends requests to. */
export async function serversIn(site: DaemonSite): Promise<number> {
  const options = { target: '@1', timeoutMs: 5000 } as const
  const shown = await runCommands(site.path('m.sock'), ['show servers state app'], options)
  if (!shown.ok) throw new Error(shown.failure.message)
  return (shown.value[0] ?? '').split('\n').filter((line) => TAKES_REQUESTS.test(line)).length
}

/** The file and the process are of one structure. */
async function untilTheyAgree(site: DaemonSite): Promise<void> {
  const isSame = async (): Promise<boolean> =>
    site.read('haproxy.cfg').includes(`str(${(await site.seen()).structure})`)
  await expect.poll(isSame, { timeout: 10_000 }).toBe(true)
}

/**
 * Nothing went wrong, enough was asked for that to mean something, and nobody reloads for nothing. `besides` are
 * reloads for what is not in the configuration file.
 */
export function expectClean(seen: Seen, besides = 0): void {
  expect(seen.failures).toEqual([])
  expect(seen.refused).toEqual([])
  expect(seen.requests).toBeGreaterThan(50)
  if (seen.reloads !== undefined) expect(seen.reloads).toBeLessThanOrEqual(seen.changes + besides)
}

/** Manifests, Consul, the files and the running process say the same. */
export async function expectNoDrift(site: DaemonSite): Promise<void> {
  const { code, stdout, stderr } = await site.legate('plan', '--detailed-exitcode')
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
}
