/** Gives each test a site of its own: manifests, settings, the built command, HAProxy; at its end all of it is gone. */
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, onTestFinished, vi } from 'vitest'
import { look, type Seen } from '../../src/haproxy/look.ts'
import { findConsul, findHaproxy } from '../tools/binaries.ts'
import { startConsul, type ConsulAgent, type ConsulOptions } from '../tools/consul-agent.ts'
import { freePort } from '../tools/free-port.ts'
import { runLegate, writeSettings, type Ended, type RunOptions } from '../tools/site.ts'
import { ensureBuilt } from './built.ts'

await ensureBuilt()
// Each test starts a dozen processes, and the machine may have others to do.
vi.setConfig({ testTimeout: 90_000 })

export const haproxy: string | undefined = await findHaproxy({ fetch: true })

/** One agent for the tests of a file; undefined, after a loud word, where there is no Consul. */
export async function shareConsul(options: ConsulOptions = {}): Promise<ConsulAgent | undefined> {
  const binary = await findConsul({ fetch: true })
  if (binary === undefined) return undefined
  const agent = await startConsul({ binary, ...options })
  afterAll(() => agent.stop())
  return agent
}

export interface Site {
  readonly folder: string
  readonly port: number
  readonly tlsPort: number
  readonly configFile: string
  readonly stateDir: string
  readonly filesRoot: string
  /** The command with `--config`. */
  legate(...args: readonly string[]): Promise<Ended>
  /** The same with a surrounding of its own. */
  run(args: readonly string[], options: RunOptions): Promise<Ended>
  /** A path in the folder. */
  path(name: string): string
  read(name: string): string
  /** A file of the folder: `manifests/site.yaml`. */
  write(name: string, text: string): void
  edit(name: string, change: (text: string) => string): void
  /** Writes the settings anew, with these changes. */
  settings(changes: SettingsChanges): void
  /** What the master's socket shows; throws when nobody answers. */
  seen(): Promise<Seen>
  /** Contents and times of all files but the log of HAProxy. */
  files(): Map<string, string>
}

export interface SettingsChanges {
  readonly haproxy?: object
  readonly [name: string]: unknown
}

/** `manifests` gets the ports and gives `manifests/site.yaml`. */
export async function makeSite(
  manifests: (site: { readonly port: number; readonly tlsPort: number }) => string,
  changes: SettingsChanges = {},
): Promise<Site> {
  // Short, because the paths of UNIX sockets are bounded.
  const folder = mkdtempSync(join(tmpdir(), 'legate-e2e-'))
  const end = (): void => {
    endProcessesOf(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', end)
  onTestFinished(() => {
    process.off('exit', end)
    end()
  })
  const [port, tlsPort] = [await freePort(), await freePort()]
  const site = siteIn(folder, { port, tlsPort })
  site.settings(changes)
  site.write('manifests/site.yaml', manifests(site))
  mkdirSync(site.filesRoot)
  return site
}

function siteIn(folder: string, ports: { readonly port: number; readonly tlsPort: number }): Site {
  const path = (name: string): string => join(folder, name)
  const config = path('legate.yaml')
  const run: Site['run'] = (args, options) => runLegate([...args, '--config', config], options)
  const site: Site = {
    folder,
    ...ports,
    configFile: path('haproxy.cfg'),
    stateDir: path('state'),
    filesRoot: path('files'),
    path,
    run,
    legate: (...args) => run(args, {}),
    read: (name) => readFileSync(path(name), 'utf8'),
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true })
      writeFileSync(path(name), text)
    },
    edit: (name, change) => site.write(name, change(site.read(name))),
    settings: (changes) => writeSettings(config, settingsOf(folder, changes)),
    async seen() {
      const masterSocket = path('m.sock')
      const options = { masterSocket, statsSocket: path('s.sock'), socketTimeoutMs: 2000 }
      const seen = await look({ mode: 'supervise', ...options })
      if (!seen.ok) throw new Error(seen.failure.message)
      return seen.value
    },
    files: () => filesBelow(folder),
  }
  return site
}

function settingsOf(folder: string, { haproxy: held, ...changes }: SettingsChanges): object {
  return {
    manifests: ['manifests'],
    filesRoot: 'files',
    stateDir: 'state',
    ...changes,
    haproxy: {
      hold: 'supervise',
      binary: haproxy,
      configFile: join(folder, 'haproxy.cfg'),
      masterSocket: join(folder, 'm.sock'),
      statsSocket: join(folder, 's.sock'),
      settle: '100ms',
      stopTimeout: '1s',
      ...held,
    },
  }
}

function filesBelow(folder: string): Map<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'haproxy.log')
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    found.toSorted().map((path) => {
      const { mtimeMs, ino } = statSync(path)
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
      return [path.slice(folder.length + 1), `${digest} ${ino} ${mtimeMs}`]
    }),
  )
}

/** Everything that was started on a file of the folder, and nothing else: HAProxy, a Legate that hangs. */
function endProcessesOf(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (words.some((word) => word.startsWith(`${folder}/`))) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
}

/** Looks again and again, for at most 10 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  const attempt = async (): Promise<void> => {
    if (await condition()) return
    if (performance.now() > deadline) throw new Error('it did not become so within 10 s')
    await pause(20)
    return attempt()
  }
  return attempt()
}
