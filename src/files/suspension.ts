/** The flag in the state folder that tells Legate to change nothing: read, set, removed, followed. */
import { lstatSync, watch } from 'node:fs'
import { join } from 'node:path'
import { printable, type Result } from '../model/failure.ts'
import type { Writer } from '../model/ports.ts'
import type { Suspension } from '../model/suspension.ts'
import { decodeUtf8, readCapped } from './read-capped.ts'
import { errorCode } from './trouble.ts'

const NAME = 'suspended.json'
const MOST_BYTES = 65_536
/** Whoever set it: the daemon may be another user, and holds no secret in it. */
const MODE = 0o644

function suspensionFile(stateDir: string): string {
  return join(stateDir, NAME)
}

/** Only where there is no flag at all is nobody suspended: one that says nothing still counts. */
export async function readSuspension(stateDir: string): Promise<Suspension | undefined> {
  const path = suspensionFile(stateDir)
  try {
    // At once: every change waits for this, and another thread takes longer to wake than to look.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return undefined
  }
  const read = await readCapped(path, MOST_BYTES)
  if (read.state === 'unreadable') return unknown(`the flag ${NAME} cannot be read: ${read.why}`)
  const text = read.state === 'read' ? decodeUtf8(read.bytes) : undefined
  return parse(text ?? '') ?? unknown(`the flag ${NAME} says neither by whom nor why`)
}

export function writeSuspension(
  stateDir: string,
  suspension: Suspension,
  writer: Writer,
): Promise<Result<void>> {
  const text = `${JSON.stringify(suspension, undefined, 2)}\n`
  return writer.write(suspensionFile(stateDir), text, MODE)
}

export function removeSuspension(stateDir: string, writer: Writer): Promise<Result<void>> {
  return writer.remove(suspensionFile(stateDir))
}

/** Tells that the flag may have come or gone. Where the folder cannot be watched, the next look finds it. */
export function watchSuspension(stateDir: string, onChange: () => void): () => void {
  try {
    const watcher = watch(stateDir, (_, name) => {
      if (name === null || name === NAME) onChange()
    })
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => undefined
  }
}

function parse(text: string): Suspension | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const [by, at, reason] = ['by', 'at', 'reason'].map((name) => {
      const field: unknown = Reflect.get(value, name)
      return typeof field === 'string' ? printable(field, 500) : ''
    })
    return by === '' && reason === ''
      ? undefined
      : { by: by ?? '', at: at ?? '', reason: reason ?? '' }
  } catch {
    return undefined
  }
}

function unknown(reason: string): Suspension {
  return { by: 'somebody', at: '', reason }
}
