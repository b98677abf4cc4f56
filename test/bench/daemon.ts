/* oxlint-disable no-await-in-loop -- one thing after another */
/** A daemon with 1,000 services of 10 instances, followed over HTTPS, and a real HAProxy: for what is measured of it alone. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeTlsPair } from '../consul/tls-pair.ts'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { startConsul } from '../tools/consul-agent.ts'
import { ROOT, runLegate, writeSettings } from '../tools/site.ts'
import { register, writeManifests } from './fleet.ts'
import { freePort } from '../tools/free-port.ts'

export const SERVICES: number = Number(process.env['LEGATE_BENCH_SERVICES'] ?? 1000)
/** In sync, the file checked, the memory of the start given back. */
const SETTLE_MS = 10_000

export interface Wishes {
  readonly haproxy: string
  /** Where it serves its page; default `off`. */
  readonly listen?: string
  /** A module that is loaded into it before the program, and can be asked by messages. */
  readonly preload?: string
}

export interface Daemon {
  readonly child: ChildProcess
  readonly pid: number
  readonly consul: ConsulAgent
}

/** It is ended, and everything removed, when `use` is through. */
export async function withDaemon<T>(
  { haproxy, listen = 'off', preload }: Wishes,
  use: (daemon: Daemon) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'legate-bench-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const tls = await makeTlsPair()
  writeFileSync(certFile, tls.cert)
  writeFileSync(keyFile, tls.key)
  const https = await freePort()
  const consul = await startConsul({
    hcl: [`ports { https = ${https} }`, `cert_file = "${certFile}"`, `key_file = "${keyFile}"`],
  })
  const config = join(folder, 'legate.yaml')
  let child: ChildProcess | undefined
  try {
    const fleet = { services: SERVICES, webPorts: [] }
    await register(consul, fleet)
    writeManifests(join(folder, 'manifests'), fleet, await freePort())
    writeSettings(config, {
      manifests: [join(folder, 'manifests')],
      stateDir: join(folder, 'state'),
      listen,
      consul: {
        address: `https://127.0.0.1:${https}`,
        tls: { caFile: certFile, serverName: 'server.dc1.consul' },
      },
      haproxy: { hold: 'supervise', binary: haproxy },
    })
    child = await start(config, preload)
    await pause(SETTLE_MS)
    return await use({ child, pid: child.pid ?? 0, consul })
  } finally {
    if (child !== undefined) await end(child)
    await runLegate(['stop', '--config', config])
    await consul.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function start(config: string, preload: string | undefined): Promise<ChildProcess> {
  const before = preload === undefined ? [] : ['--import', preload]
  const program = [join(ROOT, 'dist/cli/main.js'), 'reconcile', '--config', config]
  const child = spawn(process.execPath, [...before, ...program], {
    stdio: ['ignore', 'ignore', 'pipe', ...(preload === undefined ? [] : (['ipc'] as const))],
  })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text))
  const deadline = Date.now() + 120_000
  while (!log.includes('applied (start)')) {
    if (Date.now() > deadline || child.exitCode !== null) {
      child.kill('SIGKILL')
      throw new Error(`no start: ${log}`)
    }
    await pause(200)
  }
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
