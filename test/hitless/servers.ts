/** The servers of a site as the process, the file and Consul have them, in one form: a line for each. */
import { readFileSync } from 'node:fs'
import { runCommands } from '../../src/haproxy/cli.ts'
import type { Consul } from '../daemon/services.ts'

/** `<backend>/<server> <address>:<port> <weight> <state>` of all servers that the worker has. */
export async function serversOfProcess(masterSocket: string): Promise<string[]> {
  const options = { target: '@1', timeoutMs: 5000 } as const
  const answers = await runCommands(masterSocket, ['show servers state'], options)
  if (!answers.ok) throw new Error(answers.failure.message)
  const [, heading = '', ...lines] = (answers.value[0] ?? '').trim().split('\n')
  const names = heading.replace('# ', '').split(' ')
  return lines
    .map((line) => {
      const cells = new Map(line.split(' ').map((cell, i) => [names[i], cell]))
      const [backend, server, address, port, weight, admin] = [
        'be_name',
        'srv_name',
        'srv_addr',
        'srv_port',
        'srv_uweight',
        'srv_admin_state',
      ].map((name) => cells.get(name))
      const state = admin === '0' ? 'ready' : `admin state ${admin}`
      return `${backend}/${server} ${address}:${port} ${weight} ${state}`
    })
    .toSorted()
}

/** The same of a configuration file, where every server is ready. */
export function serversOfFile(configFile: string): string[] {
  const found: string[] = []
  let backend = ''
  for (const line of readFileSync(configFile, 'utf8').split('\n')) {
    backend = /^backend (\S+)/.exec(line)?.[1] ?? backend
    const server = /^ +server (\S+) (\S+) weight (\d+) /.exec(line)
    if (server !== null) found.push(`${backend}/${server[1]} ${server[2]} ${server[3]} ready`)
  }
  return found.toSorted()
}

/** As Consul has them: without the names, which are Legate's. */
export function withoutNames(servers: readonly string[]): string[] {
  return servers.map((line) => line.replace(/\/\S+/, '')).toSorted()
}

interface Entry {
  readonly Node: { readonly Address: string }
  readonly Service: {
    readonly Address: string
    readonly Port: number
    readonly Weights: { readonly Passing: number }
  }
}

/** `<service> <address>:<port> <weight> ready` of all that may get requests. */
export async function serversOfConsul(
  consul: Consul,
  services: readonly string[],
): Promise<string[]> {
  const lists = await Promise.all(
    services.map(async (service) => {
      const entries = await consul.call('GET', `/v1/health/service/${service}?passing`)
      return (entries as Entry[]).map(({ Node, Service: { Address, Port, Weights } }) => {
        const address = Address === '' ? Node.Address : Address
        return `${service} ${address}:${Port} ${Weights.Passing} ready`
      })
    }),
  )
  return lists.flat().toSorted()
}
