/** Settings and flags → what the loop keeps to. */
import { durationMs } from '../compile/duration.ts'
import type { LoopSettings } from '../reconcile/loop.ts'
import type { Context } from './context.ts'
import { isSet } from './context.ts'

export function loopSettings(context: Context): LoopSettings {
  const { loop, guards } = context.settings.values
  return {
    windows: { quietMs: durationMs(loop.endpointQuiet), maxMs: durationMs(loop.endpointMax) },
    limits: {
      reload: {
        quietMs: durationMs(loop.reloadQuiet),
        maxMs: durationMs(loop.reloadMax),
        burst: loop.reloadBurst,
        everyMs: durationMs(loop.reloadEvery),
        oldWorkers: loop.oldWorkers,
      },
      totalHoldMs: durationMs(guards.totalHold),
      retryMs: { first: 250, most: 60_000 },
    },
    departures: {
      share: guards.backendShare,
      least: guards.backendLeast,
      holdMs: durationMs(guards.backendHold),
    },
    lookMs: durationMs(loop.look),
    allow: {
      takeover: isSet(context, 'allow-takeover'),
      removal: isSet(context, 'allow-removal'),
    },
  }
}
