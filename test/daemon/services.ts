/** Instances of services in a real Consul: names and ports go in, straight into the catalog, seen at once. */

export interface Consul {
  readonly address: string
  call(method: string, path: string, body?: unknown): Promise<unknown>
}

export type Health = 'passing' | 'critical'

export interface Entry {
  readonly service: string
  readonly id: string
  readonly port: number
  readonly health?: Health
}

/** Each on a node of its own, so that an agent leaves it alone. */
export async function put(consul: Consul, entry: Entry): Promise<void> {
  const { service, id, port, health = 'passing' } = entry
  await consul.call('PUT', '/v1/catalog/register', {
    Node: `node-${id}`,
    Address: '127.0.0.1',
    SkipNodeUpdate: true,
    Service: { Service: service, ID: id, Port: port },
    Check: { CheckID: `service:${id}`, Name: `check of ${id}`, ServiceID: id, Status: health },
  })
}

export async function remove(consul: Consul, id: string): Promise<void> {
  await consul.call('PUT', '/v1/catalog/deregister', { Node: `node-${id}`, ServiceID: id })
}

/** In one transaction: nobody ever sees some of them gone and others not. */
export async function removeTogether(consul: Consul, ids: readonly string[]): Promise<void> {
  const removals = ids.map((id) => ({ Node: { Verb: 'delete', Node: { Node: `node-${id}` } } }))
  await consul.call('PUT', '/v1/txn', removals)
}
