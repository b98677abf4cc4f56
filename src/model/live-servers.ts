/** Servers that are wanted and servers that a process shows: whether they are the same. */
import type { LiveServer } from './bundle.ts'

/** By name; the order does not matter. */
export function sameServers(
  desired: readonly LiveServer[],
  actual: readonly LiveServer[],
): boolean {
  if (desired.length !== actual.length) return false
  const byName = new Map(actual.map((s) => [s.name, s]))
  return desired.every((d) => {
    const a = byName.get(d.name)
    return a !== undefined && sameAddress(d, a) && a.port === d.port && a.weight === d.weight
  })
}

/** The process shows what a name resolved to, which says nothing about the name. */
function sameAddress(desired: LiveServer, actual: LiveServer): boolean {
  const isName = /[a-z]/.test(desired.address) && !desired.address.includes(':')
  return isName || desired.address === actual.address
}
