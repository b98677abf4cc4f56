/** As many HTTP/2 connections as the questions need: who wants to ask gets a seat in one that has room. */
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { isIP } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ClientSettings } from './client.ts'
import { systemTimers, type Timers } from './exchange.ts'

export interface Http2Settings extends Omit<ClientSettings, 'maxConnections'> {
  /** How long a connection may take to begin. */
  readonly connectMs: number
  /** The other side speaks TLS, and does not offer HTTP/2. */
  readonly onRefused: () => void
}

export interface Seat {
  stream: ClientHttp2Stream | undefined
  /** Nothing when the connection has ended since; the seat is left when the stream closes. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined
  /** For a seat that was not used. */
  leave(): void
  /** An answer did not come in time: is there anybody at the other end? Else all that are seated hear of it now. */
  doubt(): void
}

export type Taken =
  { readonly ok: true; readonly seat: Seat } | { readonly ok: false; readonly error: Error }

/** What Go's servers allow, and a bound for what they claim. */
const MOST_STREAMS = 250
const WINDOW_BYTES = 1 << 20
/** Above it Node refuses new streams. */
const SESSION_MEMORY_MB = 64
const PING_MS = 5_000
const IDLE_MS = 60_000
const KEEP_ALIVE_PROBE_MS = 30_000

export class Http2Sessions {
  readonly #settings: Http2Settings
  readonly #sessions = new Set<Session>()

  constructor(settings: Http2Settings) {
    this.#settings = settings
  }

  async take(): Promise<Taken> {
    for (;;) {
      const session = [...this.#sessions].find((s) => s.hasRoom) ?? this.#begin()
      session.seated += 1
      // oxlint-disable-next-line no-await-in-loop -- all that wait for one connection go on together
      const error = await session.ready
      if (error !== undefined) return { ok: false, error }
      if (session.seated <= session.limit) return { ok: true, seat: this.#seat(session) }
      // The other side allows fewer streams than was hoped for.
      session.seated -= 1
    }
  }

  close(): void {
    for (const session of this.#sessions) session.destroy()
  }

  #begin(): Session {
    const session = new Session(this.#settings, () => this.#sessions.delete(session))
    this.#sessions.add(session)
    return session
  }

  #seat(session: Session): Seat {
    const leave = (): void => {
      session.seated -= 1
      // Not at once: a change wakes many questions, and they come back.
      if (session.seated === 0) session.onIdle(() => this.#isSurplus(session))
    }
    const seat: Seat = {
      stream: undefined,
      open: (headers) => {
        seat.stream = session.request(headers)
        return seat.stream?.once('close', leave)
      },
      leave,
      doubt: () => session.doubt(),
    }
    return seat
  }

  /** The others have room for as many again. */
  #isSurplus(session: Session): boolean {
    const others = [...this.#sessions].filter((s) => s !== session && s.isOpen)
    return others.reduce((room, s) => room + s.limit - s.seated, 0) >= session.limit
  }
}

class Session {
  /** Resolves when questions may be asked, with an error when it never will. */
  readonly ready: Promise<Error | undefined>
  seated = 0
  limit: number = MOST_STREAMS
  #http2: ClientHttp2Session | undefined
  #socket: TLSSocket | undefined
  #isEnding = false
  #isDoubted = false
  #callOffIdle: () => void = () => {}
  readonly #timers: Timers

  constructor(settings: Http2Settings, onEnd: () => void) {
    this.#timers = settings.timers ?? systemTimers
    this.ready = this.#connect(settings, onEnd)
  }

  get isOpen(): boolean {
    return !this.#isEnding && this.#http2?.closed !== true
  }

  get hasRoom(): boolean {
    return this.isOpen && !this.#isDoubted && this.seated < this.limit
  }

  request(headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined {
    const http2 = this.#http2
    // Closed is also what the other side wants to leave (GOAWAY).
    return http2 === undefined || http2.closed || http2.destroyed
      ? undefined
      : http2.request(headers)
  }

  /** Whoever is seated may stay. */
  end(): void {
    this.#isEnding = true
    this.#http2?.close()
  }

  destroy(): void {
    this.#isEnding = true
    this.#http2?.destroy()
    this.#socket?.destroy()
  }

  /** Ends after a while if still nobody is seated and it is then not needed. */
  onIdle(isSurplus: () => boolean): void {
    this.#callOffIdle()
    if (!this.isOpen) return
    this.#callOffIdle = this.#timers.after(IDLE_MS, () => {
      if (this.seated === 0 && isSurplus()) this.end()
    })
  }

  doubt(): void {
    if (this.#isDoubted || this.#http2 === undefined || this.#http2.destroyed) return
    this.#isDoubted = true
    const callOff = this.#timers.after(PING_MS, () => this.destroy())
    this.#http2.ping((error) => {
      callOff()
      this.#isDoubted = error !== null
    })
  }

  #connect(settings: Http2Settings, onEnd: () => void): Promise<Error | undefined> {
    const { connectMs, onRefused } = settings
    return new Promise((resolve) => {
      const socket = openSocket(settings)
      this.#socket = socket
      let error: Error = new Error('the connection was closed while it began')
      const callOff = this.#timers.after(connectMs, () => {
        error = Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })
        this.destroy()
      })
      socket.on('error', (cause) => {
        error = cause
      })
      socket.once('close', () => {
        this.#isEnding = true
        callOff()
        this.#callOffIdle()
        onEnd()
        resolve(error)
      })
      socket.once('secureConnect', () => {
        if (socket.alpnProtocol === 'h2')
          return this.#speak(socket, settings, () => {
            callOff()
            resolve(undefined)
          })
        error = Object.assign(new Error('HTTP/2 is not offered'), { code: 'ERR_NO_HTTP2' })
        onRefused()
        socket.destroy()
      })
    })
  }

  #speak(socket: TLSSocket, { endpoint }: Http2Settings, onReady: () => void): void {
    const http2 = connect(endpoint.name, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES },
      maxSessionMemory: SESSION_MEMORY_MB,
    })
    this.#http2 = http2
    // Its streams and its socket end with it, and they tell.
    http2.on('error', () => {})
    http2.once('connect', () => http2.setLocalWindowSize(WINDOW_BYTES))
    http2.on('remoteSettings', ({ maxConcurrentStreams = MOST_STREAMS }) => {
      this.limit = Math.max(1, Math.min(MOST_STREAMS, maxConcurrentStreams))
      onReady()
    })
  }
}

function openSocket({ endpoint, credentials }: Http2Settings): TLSSocket {
  const { connect: where } = endpoint
  const serverName = 'host' in where && isIP(where.host) === 0 ? { servername: where.host } : {}
  // HTTP/1.1 is offered too, so that who speaks only that says so instead of an alert.
  const ALPNProtocols = ['h2', 'http/1.1']
  const socket = connectTls({ ...where, ...serverName, ...credentials.tls, ALPNProtocols })
  return socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS)
}
