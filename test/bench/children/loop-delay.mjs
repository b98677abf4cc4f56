// Loaded into a process (`node --import`): how late its event loop is at any moment. Its parent asks with a message,
// anybody by connecting to the socket LEGATE_LOOP_DELAY.
import { openSync, readSync } from 'node:fs'
import { createServer } from 'node:net'
import { createHistogram } from 'node:perf_hooks'

const EVERY_MS = 2
const late = createHistogram()
/** Without the time in which other processes had all cores: that of a machine with nothing else to do. */
const own = createHistogram()
const buffer = Buffer.alloc(100)
const scheduler = openSync(`/proc/self/task/${process.pid}/schedstat`)
let dueMs = performance.now() + EVERY_MS
let before = waitedMs()

setInterval(() => {
  const lateMs = performance.now() - dueMs
  const waited = waitedMs()
  record(late, lateMs)
  record(own, lateMs - (waited - before))
  before = waited
  dueMs = performance.now() + EVERY_MS
}, EVERY_MS).unref()

/** Whatever would have come while the loop was busy has waited, too: a long wait is not one among many short ones. */
function record(histogram, ms) {
  let lateMs = Math.max(0, ms)
  do histogram.record(Math.max(1, Math.round(lateMs * 1e6)))
  while ((lateMs -= EVERY_MS) > 0)
}

/** For a core, since the start. */
function waitedMs() {
  const length = readSync(scheduler, buffer, 0, buffer.length, 0)
  return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6
}

/** Since it was asked the last time. */
function tell() {
  const ms = (nanoseconds) => nanoseconds / 1e6
  const told = {
    p50Ms: ms(own.percentile(50)),
    p99Ms: ms(own.percentile(99)),
    maxMs: ms(own.max),
    wallP99Ms: ms(late.percentile(99)),
  }
  own.reset()
  late.reset()
  return told
}

process.on('message', () => process.send?.(tell()))
process.channel?.unref()

const path = process.env.LEGATE_LOOP_DELAY
if (path !== undefined)
  createServer((socket) => socket.end(JSON.stringify(tell())))
    .listen(path)
    .unref()
