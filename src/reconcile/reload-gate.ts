/** When the next reload may happen: what happened so far → how long to wait. Pure; time is an argument. */

export interface ReloadLimits {
  /** Quiet time before another reload, and how long it may be put off for that. */
  readonly quietMs: number
  readonly maxMs: number
  /** Token bucket: `burst` at once, one more every `everyMs`. */
  readonly burst: number
  readonly everyMs: number
  readonly oldWorkers: number
}

export interface ReloadGate {
  /** Credit in milliseconds; a reload costs `everyMs` of it. */
  readonly creditMs: number
  /** When `creditMs` was right. */
  readonly atMs: number
  readonly lastReloadMs: number | undefined
  /** First and last time that a reload was wanted and not done yet. */
  readonly wanted: { readonly firstMs: number; readonly lastMs: number } | undefined
}

export function openGate(limits: ReloadLimits): ReloadGate {
  return {
    creditMs: limits.burst * limits.everyMs,
    atMs: 0,
    lastReloadMs: undefined,
    wanted: undefined,
  }
}

/** How often a wait for old workers is looked at again. */
const OLD_WORKERS_RETRY_MS = 1000

/** 0: now. A first reload after a quiet time is never put off. Without a wish: as if it came now. */
export function gateWaitMs(
  before: ReloadGate,
  oldWorkers: number,
  atMs: number,
  limits: ReloadLimits,
): number {
  if (oldWorkers >= limits.oldWorkers) return OLD_WORKERS_RETRY_MS
  const gate = before.wanted === undefined ? wantReload(before, atMs) : before
  const missingMs = limits.everyMs - creditAt(gate, atMs, limits)
  return Math.max(0, missingMs, quietWaitMs(gate, atMs, limits))
}

/** A reload is wanted by a change at `atMs`. */
export function wantReload(gate: ReloadGate, atMs: number): ReloadGate {
  return { ...gate, wanted: { firstMs: gate.wanted?.firstMs ?? atMs, lastMs: atMs } }
}

/** A reload was tried, whatever became of it. */
export function countReload(gate: ReloadGate, atMs: number, limits: ReloadLimits): ReloadGate {
  const creditMs = Math.max(0, creditAt(gate, atMs, limits) - limits.everyMs)
  return { creditMs, atMs, lastReloadMs: atMs, wanted: undefined }
}

/** Nothing is wanted any more: the process has what it should. */
export function forgetWish(gate: ReloadGate): ReloadGate {
  return gate.wanted === undefined ? gate : { ...gate, wanted: undefined }
}

function quietWaitMs(gate: ReloadGate, atMs: number, { quietMs, maxMs }: ReloadLimits): number {
  const { wanted, lastReloadMs } = gate
  if (wanted === undefined || lastReloadMs === undefined) return 0
  if (wanted.firstMs - lastReloadMs >= quietMs) return 0
  return Math.max(0, Math.min(wanted.lastMs + quietMs, wanted.firstMs + maxMs) - atMs)
}

function creditAt(gate: ReloadGate, atMs: number, limits: ReloadLimits): number {
  return Math.min(limits.burst * limits.everyMs, gate.creditMs + Math.max(0, atMs - gate.atMs))
}
