/* oxlint-disable no-console, no-await-in-loop -- one thing after another, and the result on the screen */
/** What an idle daemon costs: 1,000 services of 10 instances, followed over HTTPS. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeTlsPair } from '../consul/tls-pair.ts'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { startConsul } from '../tools/consul-agent.ts'
import { ROOT, runLegate, writeSettings } from '../tools/site.ts'
import { cpuMs, freePort, rssMb } from './machine.ts'

const SERVICES = Number(process.env['LEGATE_BENCH_SERVICES'] ?? 1000)
const INSTANCES = 10
const IDLE_MS = Number(process.env['LEGATE_BENCH_IDLE_MS'] ?? 60_000)

export interface Idle {
  readonly cpuPercent: number
  readonly rssMb: number
}

export async function measureIdle(haproxy: string): Promise<Idle> {
  const folder = mkdtempSync(join(tmpdir(), 'legate-idle-'))
  const tls = await makeTlsPair()
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  writeFileSync(certFile, tls.cert)
  writeFileSync(keyFile, tls.key)
  const https = await freePort()
  const consul = await startConsul({
    hcl: [`ports { https = ${https} }`, `cert_file = "${certFile}"`, `key_file = "${keyFile}"`],
  })
  const config = join(folder, 'legate.yaml')
  try {
    await register(consul)
    writeManifests(join(folder, 'manifests'))
    writeSettings(config, {
      manifests: [join(folder, 'manifests')],
      stateDir: join(folder, 'state'),
      listen: 'off',
      consul: {
        address: `https://127.0.0.1:${https}`,
        tls: { caFile: certFile, serverName: 'server.dc1.consul' },
      },
      haproxy: { hold: 'supervise', binary: haproxy },
    })
    return await watchIdle(config)
  } finally {
    await runLegate(['stop', '--config', config])
    await consul.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function watchIdle(config: string): Promise<Idle> {
  const args = [join(ROOT, 'dist/cli/main.js'), 'reconcile', '--config', config]
  const daemon = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const deadline = Date.now() + 120_000
  while (!log.includes('applied (start)')) {
    if (Date.now() > deadline || daemon.exitCode !== null) throw new Error(`no start: ${log}`)
    await pause(200)
  }
  await pause(10_000)
  const pid = daemon.pid ?? 0
  const before = cpuMs(pid)
  await pause(IDLE_MS)
  const spentMs = cpuMs(pid) - before
  const idle = { cpuPercent: (spentMs / IDLE_MS) * 100, rssMb: rssMb(pid) }
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
  return idle
}

async function register(consul: ConsulAgent): Promise<void> {
  for (let i = 0; i < SERVICES; i += 1)
    await Promise.all(
      Array.from({ length: INSTANCES }, (_, j) =>
        consul.call('PUT', '/v1/catalog/register', {
          Node: `node-${j}`,
          Address: `10.${j}.0.1`,
          Service: { ID: `s${i}-${j}`, Service: `s${i}`, Port: 8000 + i },
        }),
      ),
    )
}

function writeManifests(folder: string): void {
  mkdirSync(folder)
  const documents = Array.from({ length: SERVICES }, (_, i) => [
    {
      kind: 'Backend',
      metadata: { name: `s${i}` },
      spec: { source: { consul: { service: `s${i}` } }, check: { type: 'None' } },
    },
    {
      kind: 'HostRoute',
      metadata: { name: `s${i}` },
      spec: {
        parentRefs: [{ name: 'web' }],
        hostnames: [`s${i}.example.com`],
        rules: [{ backendRefs: [{ name: `s${i}` }] }],
      },
    },
  ]).flat()
  const frontend = {
    kind: 'Frontend',
    metadata: { name: 'web' },
    spec: { listeners: [{ name: 'plain', address: '127.0.0.1', port: 18_080 }] },
  }
  const text = [frontend, ...documents]
    .map((document) => JSON.stringify({ apiVersion: 'legate/v1', ...document }))
    .join('\n---\n')
  writeFileSync(join(folder, 'all.yaml'), `${text}\n`)
}
