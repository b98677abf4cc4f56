/** The shipped dashboard: its panels and the questions they put to Prometheus. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../tools/site.ts'
import type { Prometheus } from './rig.ts'

export interface Panel {
  readonly type: string
  readonly title: string
  readonly datasource?: { readonly uid: string }
  readonly targets?: readonly {
    readonly expr: string
    readonly datasource: { readonly uid: string }
  }[]
}

interface Dashboard {
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string }[]
  }
}

export const DASHBOARD_TEXT: string = readFileSync(join(ROOT, 'deploy/grafana/legate.json'), 'utf8')
export const DASHBOARD = JSON.parse(DASHBOARD_TEXT) as Dashboard

export const PANELS: readonly Panel[] = DASHBOARD.panels.filter(({ type }) => type !== 'row')

/** As Grafana would ask with everything chosen. */
function filledIn(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '10s')
    .replaceAll('$__interval', '10s')
    .replaceAll(/\$(instance|backend)\b/g, '.*')
}

/** Questions that get no data from a server; those of annotations need none, but have to be understood. */
export async function emptyPanels(server: Prometheus): Promise<readonly string[]> {
  const asked = PANELS.flatMap(({ title, targets = [] }) =>
    targets.map(async ({ expr }) => {
      const found = await server.query(filledIn(expr))
      return found.length === 0 ? [`${title}: ${expr}`] : []
    }),
  )
  await Promise.all(DASHBOARD.annotations.list.map(({ expr }) => server.query(filledIn(expr))))
  return (await Promise.all(asked)).flat()
}
