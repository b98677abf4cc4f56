/** A daemon with a gauge in it goes in, what it holds on to comes out: heap, descriptors. */
import { readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const GAUGE = new URL('children/gauge.mjs', import.meta.url).href

/** For the environment of a process that is to be measured at this socket. */
export function gaugeAt(socketPath: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import ${GAUGE}`, LEGATE_GAUGE: socketPath }
}

/** Bytes in use after a collection, without compiled code. */
export async function heapAfterCollection(socketPath: string): Promise<number> {
  return Number(await text(connect(socketPath)))
}

/** What they are of, and how many of each: numbers of sockets and pipes say nothing. */
export function descriptorsOf(pid: number): Readonly<Record<string, number>> {
  const folder = `/proc/${pid}/fd`
  const counted = new Map<string, number>()
  for (const name of readdirSync(folder)) {
    const kind = kindOf(`${folder}/${name}`)
    if (kind !== undefined) counted.set(kind, (counted.get(kind) ?? 0) + 1)
  }
  return Object.fromEntries(counted)
}

function kindOf(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/:\[\d+\]$/, '')
  } catch {
    // It was closed meanwhile.
    return undefined
  }
}
