/** SIGINT and SIGTERM during one pass: at once while nothing is being changed, after the proof otherwise. */
import type { World } from '../reconcile/world.ts'
import { EXIT } from './exit-codes.ts'

export interface DeferredSignals {
  /** The world, with its `apply` protected. */
  around(world: World): World
  /** 130 or 143 when a signal came while something was applied. */
  exitCode(): number | undefined
  done(): void
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const

/** A second signal ends the process whatever it is doing; the next run heals what it leaves. */
export function deferSignals(): DeferredSignals {
  let applying = false
  let received: number | undefined
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (!applying || received !== undefined) process.exit(CODES[signal])
    received = CODES[signal]
    process.stderr.write('legate: finishing what was begun; a second signal ends at once\n')
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return {
    around: (world) => {
      const { hold } = world
      if (hold === undefined) return world
      return {
        ...world,
        hold: {
          ...hold,
          apply: async (...args) => {
            applying = true
            try {
              return await hold.apply(...args)
            } finally {
              applying = false
            }
          },
        },
      }
    },
    exitCode: () => received,
    done: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    },
  }
}
