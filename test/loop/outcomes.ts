/** Outcomes of passes as the loop gets them: the test names what matters, the rest is harmless. */
import { compile } from '../../src/compile/compile.ts'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { Capacity } from '../../src/model/event.ts'
import type { Failure } from '../../src/model/failure.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { AppliedServers, Templates } from '../../src/model/snapshot.ts'
import type { Refusal } from '../../src/reconcile/guard.ts'
import type { LoopLimits } from '../../src/reconcile/memory.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { FRONTEND_YAML, manifestsOf } from '../builders.ts'

export const limits: LoopLimits = {
  reload: { quietMs: 2000, maxMs: 15_000, burst: 3, everyMs: 5000, oldWorkers: 8 },
  totalHoldMs: 300_000,
  retryMs: { first: 250, most: 60_000 },
}

export const RELOAD: Exclude<Plan, { action: 'in-sync' }> = {
  action: 'reload',
  reasons: [{ code: 'servers-changed', message: 'one joined' }],
}

export interface Wishes {
  readonly revision?: string
  readonly plan?: Plan | 'none'
  readonly applied?: boolean
  readonly deferred?: boolean
  readonly failure?: Failure
  readonly errors?: readonly string[]
  readonly refusal?: Refusal['guard']
  readonly held?: string
  readonly levels?: Readonly<Record<string, Capacity['level']>>
  /** Backends whose servers are held. */
  readonly holding?: readonly string[]
  readonly departing?: boolean
  readonly templates?: Templates
}

const NO_BACKENDS = manifestsOf(FRONTEND_YAML)

export function anOutcome(wishes: Wishes = {}): Outcome {
  const { revision = 'good', plan = { action: 'in-sync' }, errors = [] } = wishes
  const { applied, deferred, failure, templates } = wishes
  return {
    sources: [],
    diagnostics: errors.map(anError),
    manifests: { ...NO_BACKENDS, revision },
    compiled: compiledFor(wishes),
    ...(plan !== 'none' && { plan }),
    ...(applied === true && { applied: { state: 'applied', action: 'reload', tookMs: 5 } }),
    ...(deferred === true && { deferred }),
    ...(failure !== undefined && { failure }),
    ...(templates !== undefined && { templates }),
    ...holding(wishes),
  }
}

function holding({ held, refusal }: Wishes): Pick<Outcome, 'held' | 'refusal'> {
  const flag = refusal === 'takeover' ? '--allow-takeover' : '--allow-removal'
  return {
    ...(held !== undefined && {
      held: { name: `revision ${held}`, revision: held, diagnostics: [anError('bad')] },
    }),
    ...(refusal !== undefined && { refusal: { guard: refusal, message: 'too much', flag } }),
  }
}

function anError(message: string): Diagnostic {
  return { code: 'LG7001', severity: 'error', message }
}

export function aFailure(reason: Failure['reason'], message = reason): Failure {
  return { reason, message, transient: true }
}

function compiledFor({
  levels = {},
  holding: kept = [],
  departing = false,
}: Wishes): ReturnType<typeof compile> {
  const compiled = compile({
    manifests: NO_BACKENDS,
    catalog: new Map(),
    files: new Map(),
    fileNeeds: [],
    lastGood: undefined,
    settings: { filesRoot: '/etc/legate', statsSocket: '/run/legate.sock' },
    atMs: 0,
  })
  const held: AppliedServers = { servers: [], missing: [], departingSinceMs: 1 }
  const capacities = Object.entries(levels).map(([resource, level]) => ({
    resource,
    level,
    available: 1,
    out: [],
    held: kept.includes(resource),
    isUnhealthy: false,
  }))
  return {
    ...compiled,
    capacities,
    applied: new Map(departing ? [['Backend/default/a', held]] : []),
  }
}
