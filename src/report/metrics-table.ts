/** Every metric with its type, labels and meaning: what is exported, what docs/metrics.md says, what rules may name. */
import type { DriftKind } from '../model/drift.ts'
import type { CapacityLevel } from '../model/event.ts'
import type { ReasonCode } from '../model/plan.ts'
import type { Kind } from '../model/resource.ts'
import type { RuntimeChange } from '../model/runtime.ts'

/** The values there are, or what bounds them in words. */
export type LabelValues = readonly string[] | string
export type Labels = Readonly<Record<string, LabelValues>>

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: Labels
  /** Of a histogram. */
  readonly buckets?: readonly number[]
}

/** Above this many resources their conditions are not exported. */
export const MOST_CONDITIONS = 500
/** Guards of the whole; `servers` is that of a Backend. */
export const GUARDS: readonly string[] = ['takeover', 'server-removal', 'resource-removal']
export const SERVER_STATES = ['healthy', 'unhealthy', 'draining', 'maintenance', 'held'] as const

const STAGES = 'load validate consul render observe plan check apply total'.split(' ')

/** A word more in the model is an error here until it is told. */
const KINDS = all<Kind>({
  Global: 1,
  Defaults: 1,
  Frontend: 1,
  HostRoute: 1,
  Backend: 1,
  Certificate: 1,
  Userlist: 1,
})
export const DRIFT_KINDS: readonly string[] = all<DriftKind>({
  file: 1,
  process: 1,
  servers: 1,
  addresses: 1,
  weights: 1,
  maps: 1,
  certificates: 1,
  admin: 1,
})
const REASONS = all<ReasonCode>({
  'first-start': 1,
  'structure-changed': 1,
  'servers-changed': 1,
  'routes-changed': 1,
  'certificates-changed': 1,
  'file-edited': 1,
  'file-missing': 1,
  'process-differs': 1,
  'runtime-cannot': 1,
})
const COMMANDS = all<RuntimeChange['kind']>({
  'add-server': 1,
  'set-weight': 1,
  'set-address': 1,
  'set-state': 1,
  'drain-server': 1,
  'replace-server': 1,
  'delete-server': 1,
  'set-map': 1,
  'set-certificate': 1,
})
export const LEVELS: readonly string[] = all<CapacityLevel>({
  Healthy: 1,
  BelowDesired: 1,
  BelowMinimum: 1,
  Empty: 1,
})
const BACKEND = 'one a Backend, as `namespace/name`'
const ENDPOINTS = ['health', 'acl', 'other']
const ONE = 'one value at a time'

export const FAMILIES: readonly Family[] = [
  counter('reconcile_total', 'Passes by their result.', {
    result: ['noop', 'applied', 'rejected', 'held', 'put_off', 'error', 'suspended'],
  }),
  histogram(
    'reconcile_duration_seconds',
    'Time that passes took, by stage; settle times are in apply, waiting for Consul is in consul.',
    [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    { stage: STAGES },
  ),
  counter('triggers_total', 'What passes were begun for; one pass may have several triggers.', {
    trigger: ['consul', 'files', 'interval', 'signal', 'drift', 'startup', 'other'],
  }),
  gauge('last_reconcile_timestamp_seconds', 'When the last pass ended; 0 before the first.'),
  gauge(
    'last_successful_reconcile_timestamp_seconds',
    'When a pass last ended in sync; 0 before the first.',
  ),
  gauge('suspended', '1 while Legate is told to change nothing.'),
  gauge(
    'backend_servers',
    'Servers of a Backend by state; held are those kept although Consul does not name them, or does not answer.',
    { backend: BACKEND, state: SERVER_STATES },
  ),
  gauge(
    'backend_capacity',
    'Servers of a Backend that take traffic, and how many its manifest asks for.',
    { backend: BACKEND, level: ['available', 'desired', 'minimum'] },
  ),
  gauge('backend_condition', '1 for the condition a Backend is in.', {
    backend: BACKEND,
    condition: LEVELS,
  }),
  gauge(
    'guard_active',
    '1 while a guard holds something back; the backend is empty for guards of the whole.',
    { backend: `${BACKEND}, or empty`, guard: [...GUARDS, 'servers'] },
  ),
  counter('reloads_total', 'Reloads and starts of HAProxy.', { result: ['success', 'failure'] }),
  counter(
    'reload_reasons_total',
    'Why HAProxy was reloaded or started; one reload may have several reasons.',
    { reason: REASONS },
  ),
  histogram(
    'reload_duration_seconds',
    'Time from the change of the file to the proof, settle time included.',
    [0.1, 0.3, 1, 3, 10, 30, 60],
  ),
  gauge(
    'config_last_reload_successful',
    '1 if HAProxy took the last changed configuration, 0 if it was rejected or not proven.',
  ),
  gauge(
    'config_last_reload_success_timestamp_seconds',
    'When a reload was last proven; absent before the first.',
  ),
  counter('config_validations_total', "What HAProxy's own check said of configurations.", {
    result: ['valid', 'warning', 'invalid', 'error'],
  }),
  gauge(
    'config_info',
    'Always 1; the labels name the configuration in force and the manifests it is made from.',
    { config_hash: ONE, revision: ONE },
  ),
  gauge('config_size_bytes', 'Size of the configuration in force.'),
  counter('runtime_commands_total', 'Changes made in the running HAProxy without a reload.', {
    command: COMMANDS,
    result: ['success', 'failure'],
  }),
  gauge('haproxy_old_workers', 'Workers of earlier reloads that still have connections.'),
  gauge('drift', '1 while something is not as it was applied, and has not been put right.', {
    kind: DRIFT_KINDS,
  }),
  counter('drift_detected_total', 'How often drift of a kind began.', {
    kind: DRIFT_KINDS,
  }),
  gauge('drift_detected_timestamp_seconds', 'Since when there is drift; 0 where there is none.', {
    kind: DRIFT_KINDS,
  }),
  gauge('resources', 'Resources of the manifests that are used.', { kind: KINDS }),
  gauge(
    'resource_condition',
    `1 for the status that a condition of a resource has; absent above ${MOST_CONDITIONS} resources.`,
    {
      kind: KINDS,
      namespace: 'with `name` one a resource',
      name: 'with `namespace` one a resource',
      type: ['Programmed'],
      status: ['True', 'False'],
    },
  ),
  gauge('diagnostics', 'Errors and warnings about the manifests, those held back among them.', {
    severity: ['error', 'warning'],
    code: 'of a fixed list, as `LG1001`',
  }),
  gauge(
    'certificate_not_after_timestamp_seconds',
    'When a certificate ends; only of files, not of what a crt-list names.',
    { certificate: 'one a Certificate, as `namespace/name`' },
  ),
  gauge(
    'consul_up',
    '1 if at least one question to Consul is answered at the moment; absent without questions.',
  ),
  gauge(
    'consul_last_contact_timestamp_seconds',
    'When Consul last gave a good answer to any question; 0 before the first.',
  ),
  gauge('consul_watches', 'Questions to Consul.', {
    state: ['answered', 'failing', 'waiting'],
  }),
  gauge(
    'consul_watch_last_success_timestamp_seconds',
    'When Consul last gave a good answer about the service of a Backend; 0 before the first.',
    { backend: BACKEND },
  ),
  counter('consul_requests_total', 'Requests to Consul; the code is none where no answer came.', {
    endpoint: ENDPOINTS,
    code: 'status codes of HTTP, or `none`',
  }),
  histogram(
    'consul_request_duration_seconds',
    'Time of requests to Consul that do not wait for a change.',
    [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    { endpoint: ENDPOINTS },
  ),
  counter('notifications_total', 'Notifications by what became of them.', {
    provider: ['webhook', 'slack'],
    result: ['success', 'failure', 'dropped'],
  }),
  histogram(
    'event_loop_delay_seconds',
    'How late the event loop of the daemon is, looked at each 100 ms; a long wait counts as often as it is long.',
    [0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1],
  ),
  gauge('build_info', 'Always 1; the labels tell the versions.', {
    version: ONE,
    node_version: ONE,
  }),
]

function all<T extends string>(words: Readonly<Record<T, 1>>): readonly string[] {
  return Object.keys(words)
}

function gauge(name: string, help: string, labels: Labels = {}): Family {
  return { name: `legate_${name}`, type: 'gauge', help, labels }
}

function counter(name: string, help: string, labels: Labels): Family {
  return { name: `legate_${name}`, type: 'counter', help, labels }
}

function histogram(
  name: string,
  help: string,
  buckets: readonly number[],
  labels: Labels = {},
): Family {
  return { name: `legate_${name}`, type: 'histogram', help, labels, buckets }
}
