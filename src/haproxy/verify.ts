/** The bundle and the process that was reloaded with it go in, what the process has otherwise comes out. */
import type { Bundle, LiveServer } from '../model/bundle.ts'
import { printable } from '../model/failure.ts'
import { observeProcess } from './observe.ts'
import { whomToAsk, type HoldOptions } from './options.ts'

/** Undefined when servers and maps are those of the bundle: HAProxy has read what Legate wrote. */
export async function findDifference(
  options: HoldOptions,
  bundle: Bundle,
): Promise<string | undefined> {
  const running = await observeProcess(whomToAsk(options), bundle)
  if (running.state === 'unknown') return running.failure.message
  if (running.state !== 'running') return 'HAProxy is not running any more'
  const { servers, maps } = running.process.live
  for (const [backend, wanted] of bundle.live.servers)
    if (!sameServers(wanted, servers.get(backend) ?? []))
      return `the servers of backend ${printable(backend)} are not those of the configuration`
  for (const [name, digest] of bundle.live.maps)
    if (maps.get(name)?.digest !== digest)
      return `the map ${printable(name)} is not the one that was written`
  return undefined
}

/** Both are sorted by name. */
function sameServers(wanted: readonly LiveServer[], actual: readonly LiveServer[]): boolean {
  return wanted.map(describe).join('\n') === actual.map(describe).join('\n')
}

function describe({ name, address, port, weight }: LiveServer): string {
  return `${name} ${address} ${port} ${weight}`
}
