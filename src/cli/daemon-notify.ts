/** Settings → the daemon's notifier, and what is wrong with receivers that the schema alone cannot say. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { durationMs } from '../compile/duration.ts'
import type { Event } from '../model/event.ts'
import type { Clock } from '../model/feed.ts'
import { printable } from '../model/failure.ts'
import { Notifier } from '../notify/notifier.ts'
import { sendMessage } from '../notify/send.ts'
import type { Metrics } from '../report/metrics.ts'
import type { SettingsValues } from './settings.ts'

/** Objects in trouble that are kept for one receiver. */
const MOST_OBJECTS = 2000
const RETRY_MS = { first: 1000, most: 300_000 }

export function openNotifier(
  { notifications, notify }: Pick<SettingsValues, 'notifications' | 'notify'>,
  clock: Clock,
  metrics: Pick<Metrics, 'onNotification'>,
  emit: (event: Event) => void,
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
    clock,
    host: printable(hostname()),
    newId: randomUUID,
    send: sendMessage,
    emit,
    count: (type, result) => metrics.onNotification(type.toLowerCase(), result),
  })
}
