/** Entries of `/v1/health/service`: a few words about an instance go in, what Consul 1.8 sends comes out. */

export interface FakeInstance {
  readonly id: string
  readonly node?: string
  /** Empty: Consul's way of saying that the node's address (192.0.2.1) counts. */
  readonly address?: string
  readonly port?: number
  readonly tags?: readonly string[]
  readonly checks?: readonly { readonly id: string; readonly status: string }[]
}

interface Entry {
  Node: Record<string, unknown>
  Service: Record<string, unknown>
  Checks: Record<string, unknown>[]
}

/** Holds what does not matter to Legate as well. */
export function healthEntry(instance: FakeInstance): Entry {
  const { id, node = 'node-a', address = '10.0.0.1', port = 8080, tags = [] } = instance
  return {
    Node: {
      ID: 'ab051126-8419-c5ee-914b-a8a9b8e48aea',
      Node: node,
      Address: '192.0.2.1',
      Datacenter: 'dc1',
      TaggedAddresses: { lan: '192.0.2.1' },
      Meta: null,
      ModifyIndex: 7,
    },
    Service: {
      ID: id,
      Service: 'web',
      Tags: tags,
      Address: address,
      Meta: null,
      Port: port,
      Weights: { Passing: 1, Warning: 1 },
      EnableTagOverride: false,
      ModifyIndex: 9,
    },
    Checks: (instance.checks ?? []).map((check) => ({
      Node: node,
      CheckID: check.id,
      Name: `name of ${check.id}`,
      Status: check.status,
      Notes: '',
      Output: `seen ${Math.random()}`,
      ModifyIndex: 11,
    })),
  }
}
