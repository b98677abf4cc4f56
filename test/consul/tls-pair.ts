/** A certificate for 127.0.0.1 and `server.dc1.consul` that is its own authority, made anew for every test file. */
import { generate } from 'selfsigned'

export interface TlsPair {
  readonly cert: string
  readonly key: string
}

export async function makeTlsPair(): Promise<TlsPair> {
  const pems = await generate([{ name: 'commonName', value: 'server.dc1.consul' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'server.dc1.consul' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { cert: pems.cert, key: pems.private }
}
