/** Answers about maps go in; out come the maps of Legate that a worker has loaded, and what is in them. */
import { hash } from 'node:crypto'
import { basename } from 'node:path'

/** Paths of the map files that the process has loaded; undefined when the answer is not that of `show map`. */
export function parseShowMap(text: string): string[] | undefined {
  if (!text.startsWith('# id (file) description')) return undefined
  const paths: string[] = []
  for (const line of text.split('\n')) {
    const path = /^-?\d+ \((.*?)\) pattern loaded from file '/.exec(line)?.[1]
    if (path !== undefined && path !== '') paths.push(path)
  }
  return paths
}

/** `…/https-hosts.0123456789abcdef.map` is the map `https-hosts.map`; undefined for one of somebody else. */
export function logicalName(path: string): string | undefined {
  const match = /^(.+)\.[0-9a-f]{16}\.map$/.exec(basename(path))
  return match === null ? undefined : `${match[1]}.map`
}

export interface MapContent {
  /** The entries in their order as a file has them, a line `key value` each. */
  readonly text: string
  readonly digest: string
}

/**
 * `0x5566 key value`, a line each, and an empty line: the answer of `show map PATH`. Undefined for another
 * one, and for that of a worker that ended in its middle.
 */
export function parseMapContent(answer: string): MapContent | undefined {
  if (answer !== '\n' && !answer.endsWith('\n\n')) return undefined
  const lines = answer.split('\n').filter((line) => line !== '')
  if (!lines.every((line) => /^0x[0-9a-f]+ /.test(line))) return undefined
  const text = lines.map((line) => `${line.slice(line.indexOf(' ') + 1)}\n`).join('')
  return { text, digest: digestOf(text) }
}

/** As in the path of a map file. */
export function digestOf(text: string): string {
  return hash('sha256', text).slice(0, 16)
}
