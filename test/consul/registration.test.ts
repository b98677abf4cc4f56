/** The registration of the daemon: when a real Consul with ACLs refuses it, when one hangs, and that all of it is told once. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { registerDaemon, type Registration } from '../../src/consul/registration.ts'
import type { Failure } from '../../src/model/failure.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { findConsul } from '../tools/binaries.ts'
import { startConsul, type ConsulAgent } from '../tools/consul-agent.ts'

interface Rig {
  readonly registration: Registration
  readonly told: (Failure | undefined)[]
}

function register(address: string, token?: string): Rig {
  const told: (Failure | undefined)[] = []
  const registration = registerDaemon({
    access: {
      address,
      tls: { verify: 'Required' },
      timeoutMs: 2000,
      maxConnections: 4,
      maxAnswerBytes: 65_536,
      ...(token !== undefined && { token }),
    },
    clock: systemClock,
    service: 'legate',
    id: 'legate-1',
    ttlMs: 300,
    version: '1',
    health: () => ({ status: 'passing', output: 'InSync' }),
    tell: (failure) => told.push(failure),
    at: { address: '192.0.2.1', port: 9478 },
  })
  return { registration, told }
}

const binary = await findConsul({ fetch: true })

async function start(options: Parameters<typeof startConsul>[0]): Promise<ConsulAgent> {
  const agent = await startConsul({ ...options, ...(binary !== undefined && { binary }) })
  onTestFinished(() => agent.stop())
  return agent
}

describe.skipIf(binary === undefined)('a real Consul', () => {
  test(
    'with ACLs: refused is told once, with the right that is missing',
    { timeout: 60_000 },
    async () => {
      const consul = await start({ acl: true })
      const { registration, told } = register(consul.address)
      await expect.poll(() => told.length).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(told).toMatchObject([{ hint: expect.stringContaining('service:write') as string }])
      await registration.close()
      const allowed = register(consul.address, consul.token)
      const services = async (): Promise<unknown> => consul.call('GET', '/v1/agent/services')
      await expect
        .poll(services)
        .toMatchObject({ 'legate-1': { Address: '192.0.2.1', Port: 9478 } })
      expect(allowed.told).toEqual([])
      await allowed.registration.close()
      expect(await services()).toEqual({})
    },
  )
})

test('one that hangs delays the end by a short time only', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const { registration, told } = register(`http://127.0.0.1:${port}`)
  await once(server, 'connection')
  const beganMs = performance.now()
  await registration.close()
  expect(performance.now() - beganMs).toBeLessThan(3000)
  expect(told).toEqual([])
})
