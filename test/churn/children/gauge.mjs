/** Preloaded into a process: whoever connects to the socket LEGATE_GAUGE is told the bytes of its heap that are in use after a collection. */
import { createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

// What a collection lets go of may hold others until its finalizers have run.
async function heapInUse() {
  for (let round = 0; round < 4; round += 1) {
    collect()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

createServer(async (socket) => socket.end(String(await heapInUse())))
  .listen(process.env.LEGATE_GAUGE)
  .unref()
