/** One request to the fake Consul, the same for HTTP/1.1 and HTTP/2: node's objects go in, what a behaviour needs comes out. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import {
  constants,
  type IncomingHttpHeaders as Http2Headers,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'

export interface Exchange {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: Readonly<IncomingHttpHeaders>
  /** Of this request alone; absent for HTTP/2. */
  readonly socket: Socket | undefined
  readBody(): Promise<string>
  answer(status: number, headers?: Readonly<Record<string, string>>): void
  write(text: string, done?: () => void): void
  end(text: string): void
  /** Ends in the middle. */
  cut(): void
  /** Resets instead of an answer: the connection, or this stream alone. */
  reset(): unknown
  onClose(run: () => void): void
}

export function ofHttp1(request: IncomingMessage, response: ServerResponse): Exchange {
  const { socket } = request
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    socket,
    readBody: async () => read(request),
    answer: (status, headers) => void response.writeHead(status, headers),
    write: (text, done) => void response.write(text, done),
    end: (text) => void response.end(text),
    cut: () => socket.destroy(),
    // Node cannot reset below TLS.
    reset: () => ('encrypted' in socket ? socket.destroy() : socket.resetAndDestroy()),
    onClose: (run) => void response.on('close', run),
  }
}

export function ofHttp2(stream: ServerHttp2Stream, headers: Http2Headers): Exchange {
  stream.on('error', () => {})
  return {
    method: headers[':method'] ?? '',
    url: headers[':path'] ?? '',
    headers,
    socket: undefined,
    readBody: async () => read(stream),
    answer: (status, fields) => stream.respond({ ':status': status, ...fields }),
    write: (text, done) => void stream.write(text, done),
    end: (text) => {
      if (!stream.closed) stream.end(text)
    },
    cut: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    reset: () => stream.close(constants.NGHTTP2_REFUSED_STREAM),
    onClose: (run) => void stream.on('close', run),
  }
}

async function read(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}
