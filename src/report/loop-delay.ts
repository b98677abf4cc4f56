/** Looks again and again how late the event loop of this process is, and tells it in milliseconds. */

const EVERY_MS = 100

/** An idle process is not kept busy, nor alive. */
export function followLoopDelay(
  onDelay: (ms: number) => void,
  nowMs: () => number = () => performance.now(),
): void {
  let dueMs = nowMs() + EVERY_MS
  setInterval(() => {
    // Whatever would have come while the loop was busy has waited, too: a long wait counts as often as it is long.
    let lateMs = Math.max(0, nowMs() - dueMs)
    do onDelay(lateMs)
    while ((lateMs -= EVERY_MS) > 0)
    dueMs = nowMs() + EVERY_MS
  }, EVERY_MS).unref()
}
