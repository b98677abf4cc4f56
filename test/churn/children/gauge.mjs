/** Preloaded into a process: whoever connects to the socket LEGATE_GAUGE is told the bytes of its heap that are in use. */
import { createServer } from 'node:net'
import { heapInUse } from './heap-in-use.mjs'

createServer(async (socket) => socket.end(String(await heapInUse())))
  .listen(process.env.LEGATE_GAUGE)
  .unref()
