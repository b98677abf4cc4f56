/** Ports of 127.0.0.1 that nobody listens on now, below the ephemeral range, where no client's connection can sit on them. */
import { createServer } from 'node:net'

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** All different. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  while (found.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    // oxlint-disable-next-line no-await-in-loop -- one after the other until there are enough
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

/** Taken on one address is taken: HAProxy may be told to listen on all of them. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '0.0.0.0', port }, () => server.close(() => resolve(true)))
  })
}
