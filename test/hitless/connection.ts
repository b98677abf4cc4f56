/** A connection to HAProxy for one request or for many: a path goes in, the answer comes out, or a throw says why not. */
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** A body in chunks keeps their lengths; its end is its end. */
  readonly body: string
}

/** No request takes that long, unless it is lost. */
const LOST_MS = 30_000
const LAST_CHUNK = '\r\n0\r\n\r\n'

/**
 * While nothing is asked it is not looked at: a request on one that has ended meanwhile fails, as one that is on its
 * way then would. Node's own client sees an end at once, or late, which is a matter of its version.
 */
export class Connection {
  readonly #port: number
  #socket: Socket | undefined

  constructor(port: number) {
    this.#port = port
  }

  async ask(host: string, path: string, isLast: boolean): Promise<Answer> {
    const kept = this.#socket
    const socket = kept ?? open(this.#port)
    this.#socket = socket
    const close = isLast ? 'Connection: close\r\n' : ''
    try {
      const question = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${close}\r\n`
      const answer = await exchange(socket, question)
      if (isLast || answer.headers.get('connection') === 'close') this.close()
      return answer
    } catch (error) {
      this.close()
      const why = error instanceof Error ? error.message : String(error)
      const where = kept === undefined ? '' : ' on a connection that was kept'
      throw new Error(`${why}${where}`, { cause: error })
    }
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }
}

function open(port: number): Socket {
  // An end that nobody has looked at closes nothing, and an error while nothing is asked is that of the next request.
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  return socket.setEncoding('latin1').on('error', () => undefined)
}

function exchange(socket: Socket, question: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = ''
    const leave = (): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError).pause()
    }
    const fail = (why: string): void => {
      leave()
      reject(new Error(text === '' ? why : `cut off: ${why}`))
    }
    const onData = (part: string): void => {
      text += part
      const answer = readAnswer(text)
      if (answer === undefined) return
      leave()
      resolve(answer)
    }
    const onEnd = (): void => fail('ended')
    const onError = (error: NodeJS.ErrnoException): void => fail(error.code ?? error.message)
    const timer = setTimeout(() => fail(`no answer within ${LOST_MS} ms`), LOST_MS)
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError).resume()
    if (socket.destroyed || socket.readableEnded) fail('ended')
    else socket.write(question)
  })
}

/** Undefined while some of it is missing. */
function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const answer = { status: Number(first.split(' ')[1]), headers: new Map(fields) }
  const body = text.slice(end + 4)
  if (answer.headers.get('transfer-encoding') === 'chunked')
    return body.endsWith(LAST_CHUNK)
      ? { ...answer, body: body.slice(0, -LAST_CHUNK.length) }
      : undefined
  const length = Number(answer.headers.get('content-length') ?? Number.NaN)
  return body.length >= length ? { ...answer, body } : undefined
}
