/** The world of a single pass → that of the daemon: reads again only what may have changed, begins nothing at its end. */
import type { Clock } from '../model/feed.ts'
import { fail } from '../model/failure.ts'
import type { Hold } from '../model/ports.ts'
import type { LastGood } from '../model/snapshot.ts'
import { rememberDeparting } from '../reconcile/guard.ts'
import type { World } from '../reconcile/world.ts'
import type { DaemonParts } from './daemon-parts.ts'
import { rememberedFiles } from './remembered-files.ts'
import { rememberedGood } from './remembered-good.ts'

export interface DaemonWorld {
  readonly world: World
  /** Everything in files may have changed: the next pass reads it again. */
  forgetFiles(): void
  /** The next pass reads all of them again, whatever they look like from outside. */
  forgetAllFiles(): void
  lastGood(): LastGood | undefined
  /** Nothing is applied from now on; what has been begun goes on to its end. */
  end(): void
  /** Writes what is not on disk yet, for the last time. */
  close(): Promise<void>
}

export async function daemonWorld(base: World, parts: DaemonParts): Promise<DaemonWorld> {
  const files = rememberedFiles(base, parts)
  const memory = await rememberedGood(base, parts)
  let isEnding = false
  const { hold } = base
  return {
    world: {
      ...base,
      ...files.world,
      ...memory.world,
      catalog: parts.catalog,
      hold: hold === undefined ? undefined : endable(hold, () => isEnding),
      now: steadyDate(parts.clock, memory.lastGood),
    },
    forgetFiles: files.forget,
    forgetAllFiles: files.forgetAll,
    lastGood: memory.lastGood,
    end: () => {
      isEnding = true
    },
    close: memory.close,
  }
}

function endable(hold: Hold, isEnding: () => boolean): Hold {
  const ended = fail<never>({
    reason: 'interrupted',
    message: 'Legate ends: a change is left to its next start',
    transient: true,
  })
  return {
    ...hold,
    // A file that is behind the process is no new change.
    apply: (...args) =>
      isEnding() && args[1].action !== 'write'
        ? Promise.resolve({ state: 'failed', result: ended, rolledBack: false })
        : hold.apply(...args),
  }
}

/** The date; while something is held by time, that date from which the hold began plus what has passed since. */
function steadyDate(clock: Clock, lastGood: () => LastGood | undefined): () => number {
  const isDeparting = rememberDeparting()
  const isHolding = ({ emptySinceMs, applied }: LastGood): boolean =>
    emptySinceMs.size > 0 || isDeparting(applied)
  let originMs = clock.dateMs() - clock.monotonicMs()
  return () => {
    const good = lastGood()
    if (good === undefined || !isHolding(good)) originMs = clock.dateMs() - clock.monotonicMs()
    return originMs + clock.monotonicMs()
  }
}
