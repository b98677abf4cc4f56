/** A way to a socket of HAProxy on which every line is met before it gets through: let pass, held up, or too late. */
import { rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** `hang`: neither this line nor what follows on its connection gets through. */
export type Meeting = 'pass' | 'hang'

export interface Between {
  /** Asked for each line on its way to HAProxy; what it does meanwhile happens before HAProxy has the line. */
  meet: (line: string) => Meeting | Promise<Meeting>
  /** Nobody listens any more, and who is connected is cut off: as when HAProxy goes. */
  close(): void
  open(): Promise<void>
}

/** Listens at `path` for what is meant for the socket `to`. */
export async function makeBetween(path: string, to: string): Promise<Between> {
  const sockets = new Set<Socket>()
  let server: Server | undefined
  const between: Between = {
    meet: () => 'pass',
    close() {
      server?.close()
      rmSync(path, { force: true })
      for (const socket of sockets) socket.destroy()
    },
    async open() {
      server = createServer({ allowHalfOpen: true }, (near) => join(near, to, between, sockets))
      await new Promise<void>((done) => {
        server?.listen(path, done)
      })
    },
  }
  await between.open()
  onTestFinished(() => between.close())
  return between
}

function join(near: Socket, to: string, between: Between, sockets: Set<Socket>): void {
  const far = connect({ path: to, allowHalfOpen: true })
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(one)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      sockets.delete(one)
      other.destroy()
    })
  }
  far.on('data', (chunk) => near.write(chunk))
  far.on('end', () => near.end())
  let [rest, last] = ['', Promise.resolve()]
  let isHung = false
  const meet = async (line: string): Promise<void> => {
    isHung ||= (await between.meet(line)) === 'hang'
    if (!isHung && !far.destroyed) far.write(`${line}\n`)
  }
  near.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) last = last.then(() => meet(line))
  })
  near.on('end', () => {
    last = last.then(() => void (isHung || far.end()))
  })
}
