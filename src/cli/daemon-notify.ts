/** Settings → the daemon's notifier, and what is wrong with receivers that the schema alone cannot say. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { durationMs } from '../compile/duration.ts'
import type { Event } from '../model/event.ts'
import { printable } from '../model/failure.ts'
import { readNotified, writeNotified } from '../files/notified.ts'
import { createWriter } from '../files/writer.ts'
import { TOPICS } from '../notify/notice.ts'
import type { NotifierPorts } from '../notify/notifier.ts'
import { Notifier } from '../notify/notifier.ts'
import type { Belief } from '../notify/outbox.ts'
import { sendMessage } from '../notify/send.ts'
import type { Metrics } from '../report/metrics.ts'
import { systemClock } from './clock.ts'
import type { SettingsValues } from './settings.ts'

/** Objects in trouble that are kept for one receiver. */
const MOST_OBJECTS = 2000
const RETRY_MS = { first: 1000, most: 300_000 }

export type NotifierMemory = Pick<NotifierPorts, 'before' | 'keep'>

/** What receivers know of outlives the daemon; where it cannot be kept, they are told anew. */
export async function rememberedNotifications(stateDir: string): Promise<NotifierMemory> {
  const writer = createWriter()
  const before = new Map(
    [...(await readNotified(stateDir))].map(([name, rows]) => [name, rows.flatMap(beliefOf)]),
  )
  let last: Promise<unknown> = Promise.resolve()
  return {
    before,
    keep: (beliefs) => {
      const rows = new Map([...beliefs].map(([name, all]) => [name, all.map((b) => ({ ...b }))]))
      last = writeAfter(last, () => writeNotified(stateDir, rows, writer))
    },
  }
}

async function writeAfter(before: Promise<unknown>, write: () => Promise<unknown>): Promise<void> {
  await before
  await write()
}

function beliefOf({
  topic = '',
  object = '',
  sign = '',
}: Readonly<Record<string, string>>): Belief[] {
  const known = TOPICS.find((name) => name === topic)
  return known === undefined ? [] : [{ topic: known, object, sign }]
}

export function openNotifier(
  { notifications, notify }: Pick<SettingsValues, 'notifications' | 'notify'>,
  metrics: Pick<Metrics, 'onNotification'>,
  emit: (event: Event) => void,
  memory: NotifierMemory,
): Notifier {
  const rules = {
    gatherMs: durationMs(notify.gather),
    repeatMs: durationMs(notify.repeatAfter),
    patienceMs: durationMs(notify.patience),
    most: MOST_OBJECTS,
    timeoutMs: durationMs(notify.timeout),
    attempts: notify.attempts,
    retryMs: RETRY_MS,
  }
  return new Notifier(notifications, rules, {
    clock: systemClock,
    host: printable(hostname()),
    newId: randomUUID,
    send: sendMessage,
    emit,
    ...memory,
    count: (type, result) => metrics.onNotification(type.toLowerCase(), result),
  })
}
