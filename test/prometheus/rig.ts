/** A real Prometheus beside a site: targets and rules go in, a server that is asked comes out, ended with its test. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { freePort } from '../tools/free-port.ts'
import { findPrometheus } from '../tools/binaries.ts'

export const prometheus: string | undefined = await findPrometheus({ fetch: true })

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  /** As printed: may be `NaN`. */
  readonly value: readonly [number, string]
}

interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
}

/** `targets`: job to addresses. It looks and judges twice a second. */
export async function startPrometheus(
  targets: Readonly<Record<string, string>>,
  rules: string,
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'legate-prom-'))
  const jobs = Object.entries(targets).map(([job, target]) => ({
    job_name: job,
    static_configs: [{ targets: [target] }],
  }))
  writeFileSync(join(folder, 'rules.yaml'), rules)
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
    rule_files: ['rules.yaml'],
    scrape_configs: jobs,
  }
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const listen = `127.0.0.1:${await freePort()}`
  const args = ['prometheus.yml', join(folder, 'data'), listen]
  const [file = '', data = '', address = ''] = args
  const child = spawn(
    prometheus ?? '',
    [`--config.file=${file}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${address}`],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  onTestFinished(async () => {
    process.off('exit', kill)
    const ended = new Promise((resolve) => {
      child.once('exit', resolve)
    })
    kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const server = new Prometheus(`http://${listen}`, child)
  await server.ready()
  return server
}

export class Prometheus {
  readonly #address: string
  readonly #child: ChildProcess
  #log = ''

  constructor(address: string, child: ChildProcess) {
    this.#address = address
    this.#child = child
    child.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()))
  }

  async ready(): Promise<void> {
    const isReady = (): Promise<boolean> =>
      fetch(`${this.#address}/-/ready`).then(
        (response) => response.ok,
        () => false,
      )
    await this.until(async () => (await isReady()) || undefined, 30_000)
  }

  async query(expr: string): Promise<readonly Sample[]> {
    const found = await this.#get(`query?query=${encodeURIComponent(expr)}`)
    return (found as { readonly result: readonly Sample[] }).result
  }

  async alerts(): Promise<readonly Alert[]> {
    return ((await this.#get('alerts')) as { readonly alerts: readonly Alert[] }).alerts
  }

  /** State of an alert; `inactive` where there is none. */
  async stateOf(alertname: string): Promise<Alert['state'] | 'inactive'> {
    const alert = (await this.alerts()).find(({ labels }) => labels['alertname'] === alertname)
    return alert?.state ?? 'inactive'
  }

  /** The first answer that is not undefined. */
  async until<T>(ask: () => Promise<T | undefined>, forMs = 20_000): Promise<T> {
    const deadline = performance.now() + forMs
    while (performance.now() < deadline) {
      if (this.#child.exitCode !== null) break
      const found = await ask()
      if (found !== undefined) return found
      await pause(100)
    }
    throw new Error(`it did not become so within ${forMs} ms:\n${this.#log.slice(-4000)}`)
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#address}/api/v1/${path}`)
    const body = (await response.json()) as { readonly status: string; readonly data: unknown }
    if (body.status !== 'success') throw new Error(`${path}: ${JSON.stringify(body)}`)
    return body.data
  }
}
