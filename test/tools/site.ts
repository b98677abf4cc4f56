/** The parts of the example site for demo, end-to-end tests and bench: files, web servers, settings, the command. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from 'selfsigned'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
export const MANIFESTS: string = join(ROOT, 'manifests')

/** Of the stats page: user `admin`, password `legate-demo`; made by `openssl passwd -5 -salt legate`. */
export const STATS_HASH = '$5$legate$yv1duZ.CvgGeMHtDQeraZleq2ZXGwvhVHikLuRXaRQ7'

/** What the example's manifests refer to, in `folder`: the files root of whoever runs it. */
export async function makeSiteFiles(folder: string): Promise<void> {
  cpSync(join(MANIFESTS, 'errors'), join(folder, 'errors'), { recursive: true })
  for (const name of ['certs', 'secrets'])
    mkdirSync(join(folder, name), { mode: 0o700, recursive: true })
  await makeCertificate(join(folder, 'certs/farmer.io.pem'))
  writeFileSync(join(folder, 'secrets/stats-admin.hash'), `${STATS_HASH}\n`, { mode: 0o600 })
}

export async function makeCertificate(path: string): Promise<void> {
  const altNames = ['farmer.io', '*.farmer.io'].map((value) => ({ type: 2 as const, value }))
  const made = await generate([{ name: 'commonName', value: 'farmer.io' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  })
  writeFileSync(path, `${made.cert}\n${made.private}\n`, { mode: 0o600 })
}

export interface WebServer {
  readonly id: string
  readonly port: number
  readonly child: ChildProcess
}

/** A process that answers every request with its name; on a port of its choice where none is given. */
export async function startWebServer(id: string, port = 0): Promise<WebServer> {
  const child = fork(join(ROOT, 'test/tools/demo-backend.mjs'), [id, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  })
  if (child.stdout === null) throw new Error('no standard output')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { id, port: Number(line.toString()), child }
}

/** JSON is YAML. */
export function writeSettings(path: string, spec: object): void {
  mkdirSync(dirname(path), { recursive: true })
  const document = { apiVersion: 'legate/v1', kind: 'Settings', spec }
  writeFileSync(path, `${JSON.stringify(document, undefined, 2)}\n`)
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A program and its first arguments that starts the command, and becomes it: `setpriv --reuid=…`. */
  readonly starter?: readonly string[]
  /** Where Legate is installed. Default: here. */
  readonly root?: string
  /** Called as soon as the process is there. */
  readonly onStart?: (child: ChildProcess) => void
}

/** The built command, as a user runs it, with nothing of the tests' environment but PATH and HOME. */
export async function runLegate(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env
  const { starter = [], root = ROOT } = options
  const argv = [...starter, process.execPath, join(root, 'dist/cli/main.js')]
  const [program = '', ...first] = argv
  const child = spawn(program, [...first, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  options.onStart?.(child)
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (said[name] += chunk))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, ...said }
}
