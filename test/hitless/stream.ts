/** A connection that is kept for talk both ways: a port and a host go in, out comes whether every word came back. */
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Talk {
  /** Words that came back so far. */
  readonly words: number
  /** What broke it, if anything did. */
  readonly trouble: string | undefined
  end(): void
}

const EVERY_MS = 20

/** Says a number after the other, each of which is to come back. */
export async function startTalk({ port, host }: { port: number; host: string }): Promise<Talk> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write(
    `GET /talk HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`,
  )
  const state: { words: number; trouble: string | undefined } = { words: 0, trouble: undefined }
  await isUpgraded(socket)
  let [said, rest, isOver] = [0, '', false]
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      state.words += 1
      if (line !== String(state.words)) state.trouble = `"${line}" instead of ${state.words}`
    }
  })
  socket.on('error', (error) => (state.trouble ??= error.message))
  socket.on('close', () => {
    if (!isOver) state.trouble ??= 'closed'
  })
  const timer = setInterval(() => socket.write(`${(said += 1)}\n`), EVERY_MS)
  const end = (): void => {
    isOver = true
    clearInterval(timer)
    socket.destroy()
  }
  onTestFinished(end)
  return {
    get words() {
      return state.words
    },
    get trouble() {
      return state.trouble
    },
    end,
  }
}

function isUpgraded(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setEncoding('utf8').once('data', (head: string) => {
      if (head.startsWith('HTTP/1.1 101') && head.endsWith('\r\n\r\n')) resolve()
      else reject(new Error(`no upgrade: ${head}`))
    })
    socket.once('error', reject)
  })
}
