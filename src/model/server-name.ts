/** How servers of HAProxy are called that come from Consul: by instance and place. */

const NAME = /^i-[0-9a-f]{12}-[0-9a-f]{4}$/
/** Of the part that names the instance. */
const INSTANCE_LENGTH = 14

/**
 * `i-<12 hex of the instance>-<4 hex of its place>`: an instance that moves is another server to HAProxy. The
 * old one drains for as long as it needs, while the new one is checked and takes the traffic: a server in
 * HAProxy that is told of another address goes on asking the old one over busy connections (2.6), and one
 * that is deleted too early takes HAProxy with it.
 */
export function nameOfServer(instance: string, placeDigest: string): string {
  return `${instance}-${placeDigest.slice(0, 4)}`
}

/** The instance behind a server, wherever it is; the name itself where that is no instance's. */
export function instanceOf(name: string): string {
  return NAME.test(name) ? name.slice(0, INSTANCE_LENGTH) : name
}
