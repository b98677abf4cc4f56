/**
 * Bytes of this process's heap that are in use after a collection, without what V8 has compiled: hot functions
 * are compiled again and again, for hours, and that is nobody's leak.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { getHeapCodeStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

export async function heapInUse() {
  // What a collection lets go of may hold others until its finalizers have run.
  for (let round = 0; round < 4; round += 1) {
    collect()
    await turn()
  }
  const { code_and_metadata_size: code, bytecode_and_metadata_size: bytecode } =
    getHeapCodeStatistics()
  return process.memoryUsage().heapUsed - code - bytecode
}
