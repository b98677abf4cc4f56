/** Who brings Consul's changes into a HAProxy of its own: started from a folder, watched through its stats socket. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { ROOT, runLegate, writeSettings } from '../tools/site.ts'
import { APP, handWritten, hostsMap, INSTANCES, writeManifests, type Fleet } from './fleet.ts'

export interface Ground {
  readonly folder: string
  readonly port: number
  readonly haproxy: string
  readonly consulHttp: string
  readonly consulHttps: string
  readonly caFile: string
  readonly fleet: Fleet
}

export interface Contender {
  /** Whose CPU and memory count. */
  readonly pid: number
  readonly statsSocket: string
  readonly masterSocket: string
  stop(): Promise<void>
}

export async function startLegate(ground: Ground): Promise<Contender> {
  const { folder, port, haproxy, consulHttps, caFile, fleet } = ground
  const at = socketsIn(folder)
  writeManifests(join(folder, 'manifests'), fleet, port)
  const config = join(folder, 'legate.yaml')
  writeSettings(config, {
    manifests: [join(folder, 'manifests')],
    stateDir: join(folder, 'state'),
    listen: 'off',
    consul: { address: consulHttps, tls: { caFile, serverName: 'server.dc1.consul' } },
    haproxy: { hold: 'supervise', binary: haproxy, ...at },
  })
  const program = [join(ROOT, 'dist/cli/main.js'), 'reconcile', '--config', config]
  const child = quietly(spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'pipe'] }))
  return {
    ...at,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await runLegate(['stop', '--config', config])
    },
  }
}

/** Template, `haproxy -c`, reload: the way people run it. */
export async function startConsulTemplate(ground: Ground, program: string): Promise<Contender> {
  const held = await startHaproxy(ground, () => '')
  const command = `${ground.haproxy} -c -q -f ${held.config} && kill -USR2 ${held.child.pid}`
  const template = startTemplate(ground, program, held, `:sh -c '${command}'`)
  return {
    ...held,
    pid: template.pid,
    async stop() {
      await template.stop()
      await held.stop()
    },
  }
}

export interface Rendering {
  readonly pid: number
  /** What it writes. */
  readonly config: string
  stop(): Promise<void>
}

/** The template alone: a check and a reload take so long that it gathers changes meanwhile, and renders a few of them only. */
export function startRendering(ground: Ground, program: string): Rendering {
  const at = socketsIn(ground.folder)
  const files = {
    config: join(ground.folder, 'haproxy.cfg'),
    map: join(ground.folder, 'hosts.map'),
  }
  return { ...startTemplate(ground, program, { ...at, ...files }, ''), config: files.config }
}

/** `then`: what it runs when it has written. */
function startTemplate(
  { folder, port, consulHttp, fleet }: Ground,
  program: string,
  { statsSocket, config, map }: Pick<Held, 'statsSocket' | 'config' | 'map'>,
  then: string,
): Pick<Rendering, 'pid' | 'stop'> {
  const lines = (service: string): string =>
    `{{range service "${service}"}}    server {{.ID}} {{.Address}}:{{.Port}} weight 100\n{{end}}`
  const template = join(folder, 'haproxy.ctmpl')
  writeFileSync(template, handWritten(fleet, { port, statsSocket, hostsMap: map }, lines))
  const args = [
    `-consul-addr=${consulHttp}`,
    '-log-level=err',
    `-template=${template}:${config}${then}`,
  ]
  const child = quietly(spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] }))
  return {
    pid: child.pid ?? 0,
    async stop() {
      // It says that it cleans up, with an exit code, which is no complaint.
      child.removeAllListeners('exit').kill('SIGINT')
      await once(child, 'exit')
    },
  }
}

/** One blocking query a service and one runtime command a change. */
export async function startLimit(ground: Ground): Promise<Contender> {
  const { consulHttp, fleet } = ground
  const web = fleet.webPorts.map((at, j) => `    server ${APP}-${j} 127.0.0.1:${at}\n`).join('')
  const lines = (service: string): string =>
    service === APP
      ? web
      : Array.from(
          { length: INSTANCES },
          (_, j) => `    server ${service}-${j} 10.${j}.0.1:8000 weight 100\n`,
        ).join('')
  const held = await startHaproxy(ground, lines)
  const args = [
    join(ROOT, 'test/bench/limit.mjs'),
    consulHttp,
    held.statsSocket,
    String(fleet.services),
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    ...held,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      await held.stop()
    },
  }
}

interface Held {
  readonly child: ChildProcess
  readonly config: string
  readonly map: string
  readonly statsSocket: string
  readonly masterSocket: string
  stop(): Promise<void>
}

async function startHaproxy(
  { folder, port, haproxy, fleet }: Ground,
  servers: (service: string) => string,
): Promise<Held> {
  const at = socketsIn(folder)
  const config = join(folder, 'haproxy.cfg')
  const map = join(folder, 'hosts.map')
  writeFileSync(map, hostsMap(fleet))
  writeFileSync(
    config,
    handWritten(fleet, { port, statsSocket: at.statsSocket, hostsMap: map }, servers),
  )
  const args = ['-W', '-S', at.masterSocket, '-f', config]
  const child = spawn(haproxy, args, { stdio: 'ignore' })
  while ((await ask(at.statsSocket, 'show info')) === '') await pause(50)
  return {
    ...at,
    child,
    config,
    map,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

function socketsIn(folder: string): {
  readonly statsSocket: string
  readonly masterSocket: string
} {
  mkdirSync(folder, { recursive: true })
  return { statsSocket: join(folder, 's.sock'), masterSocket: join(folder, 'm.sock') }
}

/** What it complains of is shown when it ends before it was told to. */
function quietly(child: ChildProcess): ChildProcess {
  let said = ''
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (said = (said + text).slice(-4000)))
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) process.stderr.write(said)
  })
  return child
}

/** The answer of a socket; empty where nobody listens. */
export function ask(socketPath: string, command: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(socketPath, () => socket.end(`${command}\n`))
    socket.setEncoding('utf8').on('data', (data: string) => (text += data))
    socket.on('end', () => resolve(text)).on('error', () => resolve(''))
  })
}
