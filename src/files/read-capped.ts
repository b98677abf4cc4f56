/** Takes a path and a limit; gives the bytes of a regular file that is not larger, or why not. */
import { constants } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { describeTrouble } from './trouble.ts'

export type CappedRead =
  | { readonly state: 'read'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly state: 'too-large' }
  /** `why` ends a sentence and is printable. */
  | { readonly state: 'unreadable'; readonly why: string }

const IRREGULAR: CappedRead = { state: 'unreadable', why: 'it is not a regular file' }

/** The only way this folder reads a file: never waits for a FIFO, never reads without end. */
export async function readCapped(path: string, maxBytes: number): Promise<CappedRead> {
  try {
    // Looked at before it is opened: opening a device may do something.
    if (!(await stat(path)).isFile()) return IRREGULAR
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return await readFileHandle(file, maxBytes)
    } finally {
      await file.close()
    }
  } catch (error) {
    return { state: 'unreadable', why: describeTrouble(error).why }
  }
}

/** Undefined for bytes that are not UTF-8; a byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

async function readFileHandle(file: FileHandle, maxBytes: number): Promise<CappedRead> {
  const found = await file.stat()
  if (!found.isFile()) return IRREGULAR
  if (found.size > maxBytes) return { state: 'too-large' }
  // One byte more than there should be, to notice a file that grows.
  const bytes = new Uint8Array(found.size + 1)
  const length = await fill(file, bytes, 0)
  return length === found.size
    ? { state: 'read', bytes: bytes.subarray(0, length) }
    : { state: 'unreadable', why: 'it changed while it was read' }
}

async function fill(file: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
  const { bytesRead } = await file.read(bytes, at, bytes.length - at, at)
  const end = at + bytesRead
  return bytesRead === 0 || end === bytes.length ? end : fill(file, bytes, end)
}
