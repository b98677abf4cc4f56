/** Events → log lines, as text for people or JSON for machines; nothing of a line can break out of it. */
import type { Event } from '../model/event.ts'
import { printable } from '../model/failure.ts'
import { describeEvent } from './event-words.ts'
import { fieldsOf } from './log-fields.ts'

export type LogFormat = 'text' | 'json'

const MOST_CHARACTERS = 4000

/** Empty for events that are not worth a line. `date` is ISO 8601. */
export function logLine(event: Event, date: string, format: LogFormat): string {
  const line = describeEvent(event)
  if (line === undefined) return ''
  const { level } = line
  const message = printable(line.message, MOST_CHARACTERS)
  return format === 'json'
    ? `${JSON.stringify({ time: date, level, event: event.type, message, ...fieldsOf(event) })}\n`
    : `${date} ${level.padEnd(5)} ${message}\n`
}

/** What a person is told of an event, printable; undefined for events that are not worth a line. */
export function sentenceOf(event: Event): string | undefined {
  const line = describeEvent(event)
  return line && printable(line.message, MOST_CHARACTERS)
}
