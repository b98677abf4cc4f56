/** Follows real files for a test: what is changed, and which call that brought. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { watchFiles, type WatchOptions } from '../../src/files/watch.ts'
import type { Clock, FileWatch } from '../../src/model/feed.ts'
import { countInotifyWatches } from './inotify.ts'
import { systemClock } from '../../src/cli/clock.ts'

const PATIENCE_MS = 8000
/** The events have to do: no look without one comes in time to help. */
const NEVER_MS = 3_600_000

export interface Watching {
  readonly watch: FileWatch
  /** The calls so far: the path, and when. */
  readonly calls: readonly { readonly path: string; readonly atMs: number }[]
  /** Changes something; gives the paths of the calls that came, at least one. */
  during(change: () => unknown): Promise<readonly string[]>
  /** How often all files were looked at. */
  looks(): number
  /** Nothing is on its way any more, and every watch is in place. */
  quiet(): Promise<void>
}

export async function startWatching(options: WatchOptions): Promise<Watching> {
  let looks = 0
  const after: Clock['after'] = (ms, run) => {
    // It rests after a look; asleep it wakes every two seconds.
    if (ms < 2000) looks += 1
    return systemClock.after(ms, run)
  }
  const watch = watchFiles({ pollMs: NEVER_MS, ...options }, { ...systemClock, after })
  onTestFinished(() => watch.close())
  const calls: { path: string; atMs: number }[] = []
  watch.onChange((path) => calls.push({ path, atMs: performance.now() }))
  const quiet = async (): Promise<void> => {
    const state = async (): Promise<string> => `${calls.length} ${await countInotifyWatches()}`
    await untilStill(state)
  }
  const during = async (change: () => unknown): Promise<readonly string[]> => {
    const before = calls.length
    await change()
    await until(() => calls.length > before, 'a call')
    return calls.slice(before).map(({ path }) => path)
  }
  await until(() => calls.length > 0, 'the first call')
  await quiet()
  return { watch, calls, during, looks: () => looks, quiet }
}

export async function until(
  done: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const endMs = performance.now() + patienceMs
  const ask = async (): Promise<void> => {
    if (await done()) return
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`)
    await (performance.now() < endMs - patienceMs + 50 ? turn() : sleep(5))
    await ask()
  }
  await ask()
}

/** Until the value has stayed the same for a while that is long beside one look at the files. */
async function untilStill(state: () => Promise<string>): Promise<void> {
  let last = ''
  let sinceMs = performance.now()
  await until(async () => {
    const now = await state()
    if (now !== last) sinceMs = performance.now()
    last = now
    return performance.now() - sinceMs > 120
  }, 'quiet')
}
