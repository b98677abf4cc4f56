/** Bodies and signatures of messages: what a receiver can rely on, and that no text becomes more than text. */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { signatureHeaders, slackBody, webhookBody } from '../../src/notify/message.ts'
import { aProblem, aRecovery } from './notices.ts'

const message = {
  id: 'id-1',
  host: 'lb-1',
  notices: [aProblem({ atMs: Date.UTC(2026, 0, 2), variant: 'v', isPatient: true })],
  dropped: 0,
}

test('the body of a webhook', () => {
  expect(JSON.parse(webhookBody(message))).toEqual({
    apiVersion: 'legate/v1',
    kind: 'Notification',
    id: 'id-1',
    host: 'lb-1',
    notices: [
      {
        topic: 'Capacity',
        object: 'Backend/default/api',
        reason: 'BackendBelowDesired',
        state: 'Problem',
        severity: 'warning',
        message: 'Backend/default/api is BelowDesired',
        at: '2026-01-02T00:00:00.000Z',
      },
    ],
    dropped: 0,
  })
})

test('Slack gets lines, without mentions and links', () => {
  const hostile = aProblem({ object: 'HAProxy', message: '<!channel> <https://x|y> & co' })
  const body: unknown = JSON.parse(slackBody({ ...message, notices: [hostile, aRecovery()] }))
  expect(body).toMatchObject({
    text: [
      'Legate on lb-1',
      'WARNING HAProxy: &lt;!channel&gt; &lt;https://x|y&gt; &amp; co',
      'RESOLVED Backend/default/api is Healthy',
    ].join('\n'),
    mrkdwn: false,
    unfurl_links: false,
  })
})

test('of very many notices, Slack gets some, and how many more', () => {
  const notices = Array.from({ length: 500 }, () => aProblem())
  const { text } = JSON.parse(slackBody({ ...message, notices, dropped: 3 })) as { text: string }
  expect(text.split('\n')).toHaveLength(22)
  expect(text).toMatch(/\nand 483 more$/)
})

test('the signature is that of time and body', () => {
  const headers = signatureHeaders('{"a":1}', 'key', 1_700_000_000_999)
  const digest = createHmac('sha256', 'key').update('1700000000.{"a":1}').digest('hex')
  expect(headers).toEqual({
    'legate-timestamp': '1700000000',
    'legate-signature': `sha256=${digest}`,
  })
})
