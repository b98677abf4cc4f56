/** A way to Consul that can be shut: an address goes in, another comes out that answers only while it is open. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Gate {
  readonly address: string
  open(): void
  /** Every connection is reset, and every new one too. */
  shut(): void
}

export async function makeGate(to: string): Promise<Gate> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  let isOpen = false
  const server = createServer((socket) => {
    if (!isOpen) return void socket.resetAndDestroy()
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [socket, far],
      [far, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  const shut = (): void => {
    isOpen = false
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    shut()
    server.close()
  })
  const own: AddressInfo = Object(server.address())
  return {
    address: `http://127.0.0.1:${own.port}`,
    shut,
    open: () => {
      isOpen = true
    },
  }
}
