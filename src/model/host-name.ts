/** Addresses of servers that are names: only a reload resolves them anew. */

/** True for a host name, false for a canonical IP address. */
export function isHostName(address: string): boolean {
  return /[a-z]/.test(address) && !address.includes(':')
}
