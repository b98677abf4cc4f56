/** The memory, and the compiler, of a process that runs for months, mostly sleeps, and at times has to hurry. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import type { Clock } from '../model/feed.ts'

/** Without changes for so long, memory counts more than time again. */
const HURRY_MS = 10_000

/** Of a heap of this size, memory for what lives for a moment only is a small part. */
const LARGE_BYTES = 80 * 1024 * 1024

const LEAN = ['--optimize-for-size', '--semi-space-growth-factor=1', '--heap-growing-percent=0']
const LARGE = ['--semi-space-growth-factor=2', '--heap-growing-percent=100']

/**
 * Less of what a function calls is compiled into it. By default one that maps and filters lists, as many do here, takes
 * the compiler a tenth of a second, again whenever it meets something new; the code is no slower without.
 */
const COMPILE_LESS = [
  '--no-turbo-inline-array-builtins',
  '--max-inlined-bytecode-size-cumulative=300',
]

export interface LeanHeap {
  /** There is much to do: changes in HAProxy, of which more are to be expected. */
  hurry(): void
  close(): void
}

/**
 * V8 collects seldom where little is made: what was garbage after the start would stay in memory, and keep
 * buffers outside of the heap. With these it prefers a small heap to a fast one. While there is much to do, as at
 * the start, the first one would take as much time again as the work itself, and where there is much in the heap
 * the second one too, so they are off for that long. They take effect at any time; flags on the command line would
 * have to be given by whoever starts Legate.
 */
export function keepHeapLean(clock: Pick<Clock, 'after'>): LeanHeap {
  let callOff: (() => void) | undefined
  const close = (): void => {
    callOff?.()
    callOff = undefined
  }
  const rest = (): void => {
    close()
    for (const flag of LEAN) setFlagsFromString(flag)
  }
  const hurry = (): void => {
    if (getHeapStatistics().total_heap_size > LARGE_BYTES)
      for (const flag of LARGE) setFlagsFromString(flag)
    if (callOff === undefined) setFlagsFromString('--no-optimize-for-size')
    close()
    callOff = clock.after(HURRY_MS, rest)
  }
  for (const flag of COMPILE_LESS) setFlagsFromString(flag)
  rest()
  hurry()
  return { hurry, close }
}
