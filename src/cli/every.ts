/** Calls again and again: a clock and a time go in, what calls it off comes out. */
import type { Clock } from '../model/feed.ts'

/** The first time after `ms`; 0: never. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  if (ms === 0) return () => undefined
  const onDue = (): void => {
    callOff = clock.after(ms, onDue)
    run()
  }
  let callOff = clock.after(ms, onDue)
  return () => callOff()
}
