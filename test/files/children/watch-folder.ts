/** Follows the folder argv[2], and changes the file argv[3] in it; prints whether it was told, and what it cost. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchFiles } from '../../../src/files/watch.ts'
import { countDescriptors, countInotifyWatches } from '../inotify.ts'
import { systemClock } from '../../../src/cli/clock.ts'

const [, , folder = '', name = ''] = process.argv

async function until(done: () => boolean, endMs = performance.now() + 15_000): Promise<void> {
  if (done() || performance.now() > endMs) return
  await sleep(10)
  await until(done, endMs)
}

async function cost(): Promise<Record<'watches' | 'descriptors' | 'rssMb' | 'cpuMs', number>> {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  return {
    watches: await countInotifyWatches(),
    descriptors: await countDescriptors(),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    cpuMs: Math.round((user + system) / 1000),
  }
}

const atFirst = await cost()
const file = join(folder, name)
const watch = watchFiles({ manifests: [folder] }, systemClock)
let last = performance.now()
let found = false
watch.onChange((path) => {
  last = performance.now()
  found ||= path === file
})
await until(() => performance.now() - last > 1000)
const begun = await cost()
const changeMs = performance.now()
writeFileSync(file, 'changed')
await until(() => found)
const toldAfterMs = Math.round(performance.now() - changeMs)
await watch.close()
process.stdout.write(JSON.stringify({ found, toldAfterMs, atFirst, begun, closed: await cost() }))
