// Loaded into a process (`node --import`): how late its event loop is at any moment. Its parent asks with a message.
import { createHistogram } from 'node:perf_hooks'

const EVERY_MS = 2
const histogram = createHistogram()
let dueMs = performance.now() + EVERY_MS

setInterval(() => {
  // Whatever would have come while the loop was busy has waited, too: a long wait is not one among many short ones.
  let lateMs = Math.max(0, performance.now() - dueMs)
  do histogram.record(Math.max(1, Math.round(lateMs * 1e6)))
  while ((lateMs -= EVERY_MS) > 0)
  dueMs = performance.now() + EVERY_MS
}, EVERY_MS).unref()

process.on('message', () => {
  const ms = (nanoseconds) => nanoseconds / 1e6
  process.send?.({
    p50Ms: ms(histogram.percentile(50)),
    p99Ms: ms(histogram.percentile(99)),
    maxMs: ms(histogram.max),
  })
  histogram.reset()
})
process.channel?.unref()
