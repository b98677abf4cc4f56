/** A change that only a reload can make, and the wait until it is in force. */
import { backend } from '../e2e/manifests.ts'
import type { Daemon, DaemonSite } from './rig.ts'

/** One more Backend, with this name only. */
export function changeStructure(site: DaemonSite, name: string): void {
  const source = 'source: { static: { servers: [{ name: one, address: 127.0.0.1, port: 9 }] } }'
  site.write('manifests/more.yaml', backend(name, [source]).slice('---\n'.length))
}

export async function isInForce(daemon: Daemon, name: string): Promise<void> {
  await daemon.until(
    (s) => s.sync === 'InSync' && s.backends.some((b) => b.resource.endsWith(`/${name}`)),
    15_000,
  )
}
