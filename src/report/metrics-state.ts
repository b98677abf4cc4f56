/** What metrics remember from pass to pass, besides counts: events and passes in, the gauges that show it out. Pure. */
import type { Event } from '../model/event.ts'
import type { Done } from './metrics-input.ts'
import type { Sample, Samples } from './metrics-lines.ts'
import { DRIFT_KINDS } from './metrics-table.ts'

/** Times are milliseconds since the epoch; 0 means never. */
export interface MetricsState {
  readonly passMs: number
  readonly successMs: number
  /** Whether HAProxy took the last changed configuration; absent before anything is known. */
  readonly isTaken?: boolean
  /** When a reload was last proven; absent before the first. */
  readonly provenMs?: number
  /** By kind, since when. */
  readonly drift: ReadonlyMap<string, number>
  readonly isSuspended: boolean
}

export const NOTHING_YET: MetricsState = {
  passMs: 0,
  successMs: 0,
  drift: new Map(),
  isSuspended: false,
}

export function afterEvent(state: MetricsState, event: Event, nowMs: number): MetricsState {
  if (event.type === 'suspended') return { ...state, isSuspended: true }
  if (event.type === 'resumed') return { ...state, isSuspended: false }
  if (event.type !== 'pass-ended') return state
  const isSuccess = event.result === 'in-sync' || event.result === 'applied'
  return { ...state, passMs: nowMs, ...(isSuccess && { successMs: nowMs }) }
}

export function afterPass(state: MetricsState, done: Done, nowMs: number): MetricsState {
  const { isTaken, reload, drift } = done
  const left = drift?.left.map((kind) => [kind, state.drift.get(kind) ?? nowMs] as const)
  return {
    ...state,
    ...(isTaken !== undefined && { isTaken }),
    ...(reload?.proven === true && { provenMs: nowMs }),
    ...(left !== undefined && { drift: new Map(left) }),
  }
}

/** What was there before is not found again. */
export function newDrift(state: MetricsState, { drift }: Done): readonly string[] {
  return drift?.found.filter((kind) => !state.drift.has(kind)) ?? []
}

export function stateSamples(state: MetricsState): Samples {
  const { passMs, successMs, isTaken, provenMs, drift, isSuspended } = state
  return {
    last_reconcile_timestamp_seconds: [alone(passMs / 1000)],
    last_successful_reconcile_timestamp_seconds: [alone(successMs / 1000)],
    config_last_reload_successful: isTaken === undefined ? [] : [alone(isTaken ? 1 : 0)],
    config_last_reload_success_timestamp_seconds:
      provenMs === undefined ? [] : [alone(provenMs / 1000)],
    suspended: [alone(isSuspended ? 1 : 0)],
    drift: DRIFT_KINDS.map((kind) => ({ labels: { kind }, value: drift.has(kind) ? 1 : 0 })),
    drift_detected_timestamp_seconds: DRIFT_KINDS.map((kind) => ({
      labels: { kind },
      value: (drift.get(kind) ?? 0) / 1000,
    })),
  }
}

function alone(value: number): Sample {
  return { labels: {}, value }
}
