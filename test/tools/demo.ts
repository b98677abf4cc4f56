/* oxlint-disable no-console, no-await-in-loop -- a story is told step by step */
/** The main job on real parts: Consul, HAProxy, the manifests of this repository, and one instance that dies. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { styleText } from 'node:util'
import { findHaproxy } from './binaries.ts'
import type { ConsulAgent } from './consul-agent.ts'
import { startConsul } from './consul-agent.ts'
import type { WebServer } from './site.ts'
import { makeSiteFiles, MANIFESTS, ROOT, startWebServer, writeSettings } from './site.ts'

const folder = join(ROOT, '.demo')
const files = join(folder, 'files')
const config = join(folder, 'legate.yaml')
const keep = process.argv.includes('--keep')

interface Instance extends WebServer {
  readonly service: string
}

const instances: Instance[] = []
let consul: ConsulAgent | undefined
/** UNIX sockets want a short path. */
const sockets = mkdtempSync(join(tmpdir(), 'legate-demo-'))
const stop = new AbortController()

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal))

try {
  await tell()
} catch (error) {
  if (!stop.signal.aborted) {
    process.exitCode = 1
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`)
  }
} finally {
  await cleanUp()
}
if (stop.signal.aborted) process.exitCode = stop.signal.reason === 'SIGINT' ? 130 : 143

async function tell(): Promise<void> {
  heading('The parts')
  console.log(
    'Real ones; what the machine lacks is fetched from Debian into .cache/, not installed.',
  )
  rmSync(folder, { recursive: true, force: true })
  const haproxy = await findHaproxy({ fetch: true })
  if (haproxy === undefined) throw new Error('without HAProxy there is nothing to show')
  console.log(`HAProxy  ${haproxy}`)
  await makeSiteFiles(files)
  await startInstances()
  await startCatalog()
  tellSettings(haproxy)

  heading('1. Manifests and Consul become a running, proven HAProxy')
  await legate('reconcile', '--once')
  console.log('\n$ curl -k --resolve api.farmer.io:8443:127.0.0.1 https://api.farmer.io:8443/')
  await askThrice('api.farmer.io', '/')
  console.log('$ … and https://farmer.io:8443/, https://shop.farmer.io:8443/api/prices')
  await ask('farmer.io', '/')
  await ask('shop.farmer.io', '/api/prices')

  heading('2. Once more: nothing changed, so nothing happens')
  await legate('reconcile', '--once')

  heading('3. An instance dies: kill -9 of api-2')
  await killInstance('api-2')
  await legate('reconcile', '--once')
  await askThrice('api.farmer.io', '/')

  heading('What ran')
  console.log(
    [
      `HAProxy, held by Legate (hold mode supervise), with the configuration`,
      `    ${join(folder, 'state/haproxy/haproxy.cfg')}`,
      `rendered from manifests/ and ${consul === undefined ? 'a snapshot file' : `Consul at ${consul.address}`}.`,
      '',
      'Try next:',
      '    npm run demo -- --keep           leave everything running and play with it',
      '    npx legate validate              after you broke a manifest',
      `    npx legate plan --config .demo/legate.yaml`,
      '    http://127.0.0.1:8404/           the stats page while it runs (admin, legate-demo)',
      '    docs/production.md               ports 80 and 443, users, rights',
    ].join('\n'),
  )
  if (keep) await stayUp()
}

async function stayUp(): Promise<void> {
  console.log('\nEverything stays up. Ctrl-C ends it.')
  while (!stop.signal.aborted) await pause(1000, undefined, { signal: stop.signal })
}

async function startInstances(): Promise<void> {
  for (const service of ['api', 'web'])
    for (const n of [1, 2])
      instances.push({ service, ...(await startWebServer(`${service}-${n}`)) })
  console.log(`backends ${instances.map((i) => `${i.id} on port ${i.port}`).join(', ')}`)
}

/** A real Consul; where none can be had, the embedded default: a snapshot file. */
async function startCatalog(): Promise<void> {
  try {
    consul = await startConsul()
  } catch (error) {
    console.log(`Consul   none (${error instanceof Error ? error.message.split('\n')[0] : ''})`)
    console.log('         the demo goes on with a snapshot file: --catalog file:.demo/catalog.json')
    writeSnapshot()
    return
  }
  console.log(`Consul   ${consul.address}`)
  for (const { service, id, port } of instances)
    await consul.register({
      service,
      id,
      port,
      address: '127.0.0.1',
      checks: [
        { name: `${service} health`, http: `http://127.0.0.1:${port}/health`, interval: '1s' },
      ],
    })
  for (const { id } of instances) await waitForStatus(id, 'passing')
}

function writeSnapshot(): void {
  const services = ['api', 'web'].map((service) => ({
    service,
    instances: instances
      .filter((i) => i.service === service)
      .map(({ id, port, child }) => ({
        id,
        address: '127.0.0.1',
        port,
        status: child.exitCode === null && child.signalCode === null ? 'passing' : 'critical',
      })),
  }))
  const text = JSON.stringify({ apiVersion: 'legate/v1', kind: 'Catalog', services }, undefined, 2)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'catalog.json'), `${text}\n`)
}

/** As the catalog has it: the agent knows a little earlier, and tells its servers then. */
async function waitForStatus(id: string, status: string): Promise<void> {
  const service = id.slice(0, id.indexOf('-'))
  for (let tries = 0; tries < 150; tries += 1) {
    const checks = (await consul?.call('GET', `/v1/health/checks/${service}`)) as {
      ServiceID: string
      Status: string
    }[]
    const mine = checks.filter((check) => check.ServiceID === id)
    if (mine.length > 0 && mine.every((check) => check.Status === status)) return
    await pause(100, undefined, { signal: stop.signal })
  }
  throw new Error(`Consul did not find ${id} ${status} within 15 s`)
}

async function killInstance(id: string): Promise<void> {
  const victim = instances.find((i) => i.id === id)
  if (victim === undefined) throw new Error(`no instance ${id}`)
  victim.child.kill('SIGKILL')
  await once(victim.child, 'exit')
  if (consul === undefined) writeSnapshot()
  else await waitForStatus(id, 'critical')
  console.log(
    `${id} is gone, and ${consul === undefined ? 'the snapshot says so' : 'Consul has noticed'}.`,
  )
}

function tellSettings(haproxy: string): void {
  writeSettings(config, {
    manifests: [MANIFESTS],
    filesRoot: files,
    stateDir: join(folder, 'state'),
    catalog: consul === undefined ? `file:${join(folder, 'catalog.json')}` : 'consul',
    ...(consul !== undefined && { consul: { address: consul.address } }),
    haproxy: {
      hold: 'supervise',
      binary: haproxy,
      masterSocket: join(sockets, 'master.sock'),
      statsSocket: join(sockets, 'stats.sock'),
    },
  })
}

async function legate(...args: readonly string[]): Promise<void> {
  console.log(`$ legate ${args.join(' ')} --config .demo/legate.yaml`)
  const code = await runLegate(args)
  stop.signal.throwIfAborted()
  if (code !== 0) throw new Error(`legate ${args.join(' ')} ended with ${code}`)
}

async function runLegate(args: readonly string[]): Promise<number> {
  const command = [join(ROOT, 'dist/cli/main.js'), ...args, '--config', config]
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: ROOT,
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

async function askThrice(host: string, path: string): Promise<void> {
  for (let i = 0; i < 3; i += 1) await ask(host, path)
}

async function ask(host: string, path: string): Promise<void> {
  const text = await new Promise<string>((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: 8443,
      path,
      servername: host,
      rejectUnauthorized: false,
    }
    const headers = { host: `${host}:8443` }
    request({ ...options, headers, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve(`${response.statusCode} ${body.trim()}`))
    })
      .on('error', reject)
      .end()
  })
  console.log(`    ${text}`)
  if (!text.startsWith('200')) throw new Error(`${host}${path} did not answer 200`)
}

async function cleanUp(): Promise<void> {
  if (existsSync(config)) {
    heading('Cleaning up')
    await runLegate(['stop'])
  }
  for (const { child } of instances) child.kill('SIGKILL')
  await consul?.stop()
  rmSync(sockets, { recursive: true, force: true })
}

function heading(text: string): void {
  console.log(`\n${styleText('bold', text)}`)
}
