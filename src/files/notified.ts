/** What receivers of notifications were told of, in the state folder: what is damaged is as if it were not there. */
import { join } from 'node:path'
import type { Result } from '../model/failure.ts'
import type { Writer } from '../model/ports.ts'
import { decodeUtf8, readCapped } from './read-capped.ts'

const NAME = 'notified.json'
const MOST_BYTES = 16 * 1024 * 1024

/** By receiver. */
export type Notified = ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>

export async function readNotified(stateDir: string): Promise<Notified> {
  const read = await readCapped(join(stateDir, NAME), MOST_BYTES)
  const text = read.state === 'read' ? decodeUtf8(read.bytes) : undefined
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return new Map(
      Object.entries(isObject(value) ? value : {}).map(([receiver, all]) => [
        receiver,
        Array.isArray(all) ? all.filter(isRow) : [],
      ]),
    )
  } catch {
    return new Map()
  }
}

export function writeNotified(
  stateDir: string,
  notified: Notified,
  writer: Writer,
): Promise<Result<void>> {
  const text = JSON.stringify(Object.fromEntries(notified), undefined, 1)
  return writer.write(join(stateDir, NAME), `${text}\n`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRow(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((field) => typeof field === 'string')
}
