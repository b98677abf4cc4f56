/** Notices → the body of one message and its headers, for each kind of receiver. Pure. */
import { createHmac } from 'node:crypto'
import type { Notice } from './notice.ts'

export interface Message {
  /** The same for every attempt. */
  readonly id: string
  readonly host: string
  readonly notices: readonly Notice[]
  /** Notices that found no place before this message. */
  readonly dropped: number
}

/** Lines of a message for people; the rest is counted. */
const MOST_LINES = 20

export function webhookBody({ id, host, notices, dropped }: Message): string {
  return JSON.stringify({
    apiVersion: 'legate/v1',
    kind: 'Notification',
    id,
    host,
    notices: notices.map(({ topic, object, reason, state, severity, message, atMs }) => ({
      topic,
      object,
      reason,
      state,
      severity,
      message,
      at: new Date(atMs).toISOString(),
    })),
    dropped,
  })
}

/** Nothing of a text becomes a link, a mention or a format. */
export function slackBody({ host, notices, dropped }: Message): string {
  const lines = notices.slice(0, MOST_LINES).map(line)
  const more = notices.length - lines.length + dropped
  const all = [`Legate on ${host}`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])]
  return JSON.stringify({
    text: escapeSlack(all.join('\n')),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  })
}

function line({ state, severity, object, message }: Notice): string {
  const sign = state === 'Recovery' ? 'RESOLVED' : severity.toUpperCase()
  // The sentence of most events begins with the name of the object.
  return message.startsWith(object) ? `${sign} ${message}` : `${sign} ${object}: ${message}`
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Of time and body, so that an old message cannot be sent again by somebody else. */
export function signatureHeaders(
  body: string,
  secret: string,
  atMs: number,
): Record<'legate-timestamp' | 'legate-signature', string> {
  const timestamp = String(Math.floor(atMs / 1000))
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { 'legate-timestamp': timestamp, 'legate-signature': `sha256=${digest}` }
}
