/** One message and one receiver → it has taken it, or why not: a POST that follows nobody elsewhere and waits for no body. */
import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import type { RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { ReceiverSettings } from '../model/settings.gen.ts'
import type { Message } from './message.ts'
import { signatureHeaders, slackBody, webhookBody } from './message.ts'

/** `why` holds no part of the URL and no secret. */
export type Sent =
  | { readonly state: 'taken' }
  | { readonly state: 'refused'; readonly why: string; readonly isFinal: boolean }

export interface SendLimits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

const MOST_FILE_BYTES = 4096
/** Statuses below 500 after which the same message may be taken later. */
const LATER = new Set([408, 425, 429])

export async function sendMessage(
  receiver: ReceiverSettings,
  message: Message,
  limits: SendLimits,
): Promise<Sent> {
  const url = await urlOf(receiver)
  if (typeof url === 'string') return refused(url)
  const body = receiver.type === 'Slack' ? slackBody(message) : webhookBody(message)
  const secret = receiver.secretFile === undefined ? '' : await readLine(receiver.secretFile)
  if (typeof secret !== 'string') return refused(`the file with its secret ${secret.why}`)
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'legate',
    'legate-id': message.id,
    ...(secret !== '' && signatureHeaders(body, secret, limits.nowMs)),
  }
  return post(url, { method: 'POST', headers, agent: false }, body, limits)
}

function post(
  url: URL,
  options: RequestOptions,
  body: string,
  { timeoutMs, signal }: SendLimits,
): Promise<Sent> {
  return new Promise((resolve) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    const both = { ...options, signal: AbortSignal.any([signal, deadline]) }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, both)
    request.on('response', (response) => {
      resolve(judge(response.statusCode ?? 0))
      // What it has to say besides may take its time; nobody waits for it.
      response.destroy()
    })
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        refused(
          deadline.aborted
            ? `no answer within ${timeoutMs / 1000} s`
            : `it cannot be reached (${error.code ?? error.name})`,
        ),
      ),
    )
    request.end(body)
  })
}

function judge(status: number): Sent {
  if (status >= 200 && status < 300) return { state: 'taken' }
  const isFinal = status < 500 && !LATER.has(status)
  if (status >= 300 && status < 400)
    return refused('it sends elsewhere; no redirect is followed', isFinal)
  return refused(`it answers with status ${status}`, isFinal)
}

function refused(why: string, isFinal = false): Sent {
  return { state: 'refused', why, isFinal }
}

/** A text says what is wrong with it. */
async function urlOf({ url, urlFile }: ReceiverSettings): Promise<URL | string> {
  const text = urlFile === undefined ? (url ?? '') : await readLine(urlFile)
  if (typeof text !== 'string') return `the file with its URL ${text.why}`
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return 'its URL is none of http or https'
  return new URL(text)
}

async function readLine(path: string): Promise<string | { readonly why: string }> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    if (text === '') return { why: 'is empty' }
    return text.length > MOST_FILE_BYTES || /[\p{Cc}\s]/u.test(text)
      ? { why: 'holds more than one line of text' }
      : text
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return { why: `cannot be read (${code})` }
  }
}
