/** Where people look: how many servers there are, and that it is so, as each of these places says it. */
import { serversIn } from '../daemon/rig.ts'
import { seriesOf } from '../report/metrics-text.ts'
import type { Scene } from './scene.ts'

export interface Surfaces {
  /** Servers that the running HAProxy sends requests to. */
  readonly haproxy: number
  /** The banner of the status page. */
  readonly page: string
  /** What `legate status` says of the Backend. */
  readonly terminal: string
  /** Servers by capacity level in `/metrics`. */
  readonly available: number | undefined
  readonly conditions: readonly string[]
  /** Of Prometheus, by name. */
  readonly alerts: readonly string[]
}

export async function lookEverywhere({ site, daemon, prometheus }: Scene): Promise<Surfaces> {
  const page = await pageOf(site.listen, '/')
  const { stdout } = await site.legate('status')
  const series = seriesOf(await daemon.metrics())
  const alerts = await prometheus.alerts()
  return {
    haproxy: await serversIn(site),
    page: /<h1>.*?> ([^<]*?)\s*<\/span/s.exec(page)?.[1] ?? page,
    terminal: /^Backend\/default\/app +(.*) since /m.exec(stdout)?.[1] ?? stdout,
    available: series.get('legate_backend_capacity{backend="default/app",level="available"}'),
    conditions: [...series].flatMap(([name, value]) => {
      const [, condition] = /^legate_backend_condition\{.*condition="(\w+)"/.exec(name) ?? []
      return condition !== undefined && value === 1 ? [condition] : []
    }),
    alerts: alerts.map(({ labels, state }) => `${labels['alertname']} ${state}`),
  }
}

export async function pageOf(address: string, path: string): Promise<string> {
  return (await fetch(`http://${address}${path}`)).text()
}

/** The states that the alert goes through, until the last of them is as wished. */
export async function alertUntil(
  { prometheus }: Scene,
  wished: string,
): Promise<readonly string[]> {
  const states: string[] = []
  return prometheus.until(async () => {
    const state = await prometheus.stateOf('LegateBackendBelowDesired')
    if (state !== states.at(-1) && state !== 'inactive') states.push(state)
    return state === wished ? states : undefined
  }, 30_000)
}
