/** Finds the real HAProxy, Consul and Prometheus: in goes the environment, out come paths, fetched into `.cache` where asked. */
import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

interface Part {
  readonly name: string
  /** Of its script and of its folder in the cache. Default: its name. */
  readonly set?: string
  readonly title: string
  /** Variable that names the program outright. */
  readonly variable: string
  /** Of Debian; the one on PATH does not count then. */
  readonly suite?: string
  /** Folder in the cache, where it is not the name. */
  readonly folder?: string
  /** CI goes on without it. */
  readonly isOptional?: boolean
}

const CONSUL: Part = { name: 'consul', title: 'Consul', variable: 'CONSUL_BIN' }
const HAPROXY: Part = { name: 'haproxy', title: 'HAProxy', variable: 'HAPROXY_BIN' }
const HAPROXY_3_0: Part = {
  name: 'haproxy',
  title: 'HAProxy 3.0',
  variable: 'HAPROXY_3_0_BIN',
  suite: 'trixie',
  folder: 'haproxy-3.0',
}
const HAPROXY_3_2: Part = {
  name: 'haproxy',
  title: 'HAProxy 3.2',
  variable: 'HAPROXY_3_2_BIN',
  suite: 'sid',
  folder: 'haproxy-3.2',
  isOptional: true,
}
const PROMETHEUS: Part = { name: 'prometheus', title: 'Prometheus', variable: 'PROMETHEUS_BIN' }
const PROMTOOL: Part = {
  name: 'promtool',
  set: 'prometheus',
  title: 'promtool (of Prometheus)',
  variable: 'PROMTOOL_BIN',
}
const CHROMIUM: Part = { name: 'chromium', title: 'Chromium', variable: 'CHROMIUM_BIN' }
const FETCH_TIMEOUT_MS = 300_000

const cache = fileURLToPath(new URL('../../.cache/', import.meta.url))
const run = promisify(execFile)

export interface FindOptions {
  /** Runs the fetching script when the program is nowhere. */
  readonly fetch?: boolean
}

/** Path of Consul; undefined (after a loud word) when there is none, an error when there is none in CI. */
export function findConsul(options: FindOptions = {}): Promise<string | undefined> {
  return find(CONSUL, options)
}

/** Path of HAProxy; as `findConsul`. */
export function findHaproxy(options: FindOptions = {}): Promise<string | undefined> {
  return find(HAPROXY, options)
}

/** Path of Prometheus; as `findConsul`. */
export function findPrometheus(options: FindOptions = {}): Promise<string | undefined> {
  return find(PROMETHEUS, options)
}

/** Path of promtool; as `findConsul`. */
export function findPromtool(options: FindOptions = {}): Promise<string | undefined> {
  return find(PROMTOOL, options)
}

/** Path of Chromium; as `findConsul`, but fetched by CI only: it is large. */
export function findChromium(): Promise<string | undefined> {
  return find(CHROMIUM, { fetch: process.env['CI'] === 'true' })
}

/** A HAProxy of every branch that is tested: the machine's own suite (2.6 on Debian 12) and two later ones. */
export async function findHaproxys(): Promise<
  readonly { readonly branch: string; readonly binary: string }[]
> {
  const found = []
  for (const [branch, part] of [
    ['own', HAPROXY],
    ['3.0', HAPROXY_3_0],
    ['3.2', HAPROXY_3_2],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one fetching at a time
    const binary = await find(part, { fetch: true })
    if (binary !== undefined) found.push({ branch, binary })
  }
  return found
}

async function find(part: Part, options: FindOptions): Promise<string | undefined> {
  const named = await namedOutright(part)
  if (named !== undefined) return named
  const cached = join(folderOf(part), part.name)
  const own = part.suite === undefined ? await onPath(part.name) : undefined
  if (own !== undefined) return own
  if (await runnable(cached)) return cached
  const trouble =
    options.fetch === true
      ? await fetchInto(part)
      : `bash test/tools/get-${part.set ?? part.name}.sh .cache/${part.set ?? part.name} fetches it`
  if (trouble === undefined) return cached
  const message = `${part.title} is missing: ${trouble}\nSet ${part.variable} to its path.`
  missed(part, message)
  return undefined
}

async function namedOutright({ variable }: Part): Promise<string | undefined> {
  const named = process.env[variable]
  if (named === undefined || named === '') return undefined
  if (await runnable(named)) return resolve(named)
  throw new Error(`${variable} is ${named}, which is no program that can be run`)
}

function missed(part: Part, message: string): void {
  if (process.env['CI'] === 'true' && part.isOptional !== true) throw new Error(message)
  process.stderr.write(`\n*** ${message}\n*** What needs it is SKIPPED.\n\n`)
}

function folderOf({ name, set = name, folder = set }: Part): string {
  return join(cache, folder)
}

async function onPath(name: string): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  // In order: the first on PATH is the one a shell would run.
  for (const folder of folders)
    // oxlint-disable-next-line no-await-in-loop
    if (await runnable(join(folder, name))) return join(folder, name)
  return undefined
}

async function runnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** Undefined when the program is there, else what the script said. */
async function fetchInto(part: Part): Promise<string | undefined> {
  const set = part.set ?? part.name
  const script = fileURLToPath(new URL(`get-${set}.sh`, import.meta.url))
  try {
    const suite = part.suite === undefined ? [] : [part.suite]
    const args = [script, folderOf(part), ...suite]
    const { stderr } = await run('bash', args, { timeout: FETCH_TIMEOUT_MS })
    process.stderr.write(stderr)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
