/** A small bundle and the machine that runs it, for tests of plans: the test changes what matters. */
import type { Actual, RunningProcess } from '../../src/model/actual.ts'
import type { Bundle, LiveState } from '../../src/model/bundle.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { RunningState } from '../../src/model/runtime.ts'
import { sealConfig } from '../../src/model/target-file.ts'
import { plan } from '../../src/plan/plan.ts'
import { asIfApplied } from '../../src/reconcile/compare.ts'
import { RULES } from './rules.ts'

const MAPS = '/etc/haproxy/maps'

export interface Parts {
  readonly structure?: string
  /** Lines of `backend api`. */
  readonly backend?: readonly string[]
  /** Text of one more section, behind all others. */
  readonly more?: string
  /** Digest of the content of the prefix map, 16 hex digits. */
  readonly prefix?: string
  readonly live?: Partial<LiveState>
}

const SERVERS: LiveState['servers'] = new Map([
  [
    'api',
    [
      { name: 'one', address: '10.0.0.1', port: 80, weight: 100, words: [] },
      { name: 'two', address: '2001:db8::2', port: 80, weight: 100, words: [] },
    ],
  ],
])

export function aBundle(parts: Parts = {}): Bundle {
  const { structure = 'a'.repeat(64), prefix = '1'.repeat(16), more = '' } = parts
  const { backend = ['timeout server 30s', 'server one 10.0.0.1:80', 'server two 10.0.0.2:80'] } =
    parts
  const maps = { hosts: '0'.repeat(16), prefix }
  const files = Object.entries(maps).map(([part, digest]) => ({
    name: `web-${part}.map`,
    text: digest,
    path: `${MAPS}/web-${part}.${digest}.map`,
  }))
  const reads = files.map(({ path }) => `    http-request set-var(txn.x) path,map(${path})`)
  const sections = [
    section('global', undefined, [`    set-var proc.legate_structure str(${structure})`]),
    section('frontend web from base', 'Frontend/default/web', ['    bind *:80', ...reads]),
    section(
      'backend api from base',
      'Backend/default/api',
      backend.map((line) => `    ${line}`),
    ),
    ...(more === '' ? [] : [{ header: '', resource: undefined, text: more }]),
  ]
  return {
    config: sealConfig(['', ...sections.map(({ text }) => text)]),
    sections,
    files,
    structure,
    live: {
      servers: SERVERS,
      maps: new Map(files.map(({ name, text }) => [name, text])),
      certificates: new Map([['/etc/certs/site.pem', 'AB12']]),
      ...parts.live,
    },
    fixed: new Map(),
    secrets: [],
  }
}

function section(line: string, resource: string | undefined, lines: readonly string[]) {
  const mark = resource === undefined ? '' : `# ${resource}\n`
  const header = line.split(' ').slice(0, 2).join(' ')
  return { header, resource, text: `${mark}${[line, ...lines].join('\n')}\n` }
}

/** The machine that has the bundle, file and process. */
export function running(bundle: Bundle, change: Partial<RunningProcess> = {}): Actual {
  const worker = { pid: 2, reloads: 0, uptimeSeconds: 60 }
  const process: RunningProcess = {
    version: '2.6.12',
    masterPid: 1,
    reloads: 0,
    failedReloads: 0,
    worker,
    oldWorkers: [],
    structure: bundle.structure,
    live: liveOf(bundle),
    ...change,
  }
  return {
    config: { state: 'ours', text: bundle.config },
    files: new Set(bundle.files.map((f) => f.path)),
    running: { state: 'running', process },
  }
}

/** What a worker shows that has the bundle. */
export function liveOf(bundle: Bundle): RunningState {
  const { running: seen } = asIfApplied(bundle, bundle)
  if (seen.state !== 'running') throw new Error('it runs')
  return seen.process.live
}

export function planOf(bundle: Bundle, actual: Actual): Plan {
  return plan(bundle, actual, RULES)
}
