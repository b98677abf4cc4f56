/** Takes what HAProxy was last proven with; keeps it in the state folder, and gives it back or says why not. */
import { hash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result } from '../model/failure.ts'
import type { CatalogFormat, Writer } from '../model/ports.ts'
import { remember } from '../model/remember.ts'
import type { SourceFile } from '../model/resource.ts'
import type { LastGood } from '../model/snapshot.ts'
import { decodeUtf8, readCapped } from './read-capped.ts'
import { errorCode } from './trouble.ts'

/** Changes when an older Legate could not read the file any more, or a newer one not the older file. */
const FORMAT = 'legate-last-good/1'
const FILE_NAME = 'last-good.json'
/** In hexadecimal digits. */
const SHA256_LENGTH = 64
/** Manifests have at most 64 MiB, a catalog too; escaping may double them. */
const MAX_BYTES = 268_435_456

export type SavedState =
  | { readonly state: 'absent' }
  /** `why` is printable: it is there and cannot be trusted, so it counts as absent. */
  | { readonly state: 'damaged'; readonly why: string }
  | { readonly state: 'present'; readonly lastGood: LastGood }

export interface StatePorts {
  readonly format: CatalogFormat
  readonly writer: Writer
}

/** As in the file. `catalog` is the JSON of a snapshot, so that it can be cut out and used as one. */
interface Payload {
  readonly revision: string
  readonly sources: readonly SourceFile[]
  readonly catalog: unknown
  readonly emptySinceMs: readonly (readonly [queryKey: string, ms: number])[]
}

export function lastGoodPath(stateDir: string): string {
  return join(stateDir, FILE_NAME)
}

/** Readable by its owner only: the manifests and the catalog are nobody else's business. */
export async function saveLastGood(
  stateDir: string,
  lastGood: LastGood,
  { format, writer }: StatePorts,
): Promise<Result<void>> {
  const payload = payloadText(lastGood, format)
  const text = `${headText(checksum(payload))}${payload}}\n`
  return writer.write(lastGoodPath(stateDir), text, 0o600)
}

/** Put together from texts: a catalog of 10,000 instances is large, and a daemon saves it again and again. */
function payloadText(
  { revision, sources, catalog, emptySinceMs }: LastGood,
  { encode }: CatalogFormat,
): string {
  const texts: Readonly<Record<keyof Payload, string>> = {
    revision: JSON.stringify(revision),
    sources: sourcesText(sources),
    catalog: encode(catalog).trim(),
    emptySinceMs: JSON.stringify([...emptySinceMs]),
  }
  return `{${Object.entries(texts)
    .map(([name, text]) => `"${name}":${text}`)
    .join(',')}}`
}

/** Instances come and go much more often than manifests change. */
const sourcesText = remember((sources: readonly SourceFile[]) =>
  JSON.stringify(sources.map(({ path, text }) => ({ path, text }))),
)

/** What comes before the payload, to the byte. */
function headText(sha256: string): string {
  return `{"format":"${FORMAT}","sha256":"${sha256}","payload":`
}

export async function readLastGood(stateDir: string, format: CatalogFormat): Promise<SavedState> {
  const path = lastGoodPath(stateDir)
  const file = await readCapped(path, MAX_BYTES)
  if (file.state === 'too-large') return damaged('it is too large')
  if (file.state === 'unreadable')
    return (await isAbsent(path)) ? { state: 'absent' } : damaged(file.why)
  const text = decodeUtf8(file.bytes)
  return text === undefined ? damaged('it is not UTF-8') : decode(text, path, format)
}

async function isAbsent(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => errorCode(error) === 'ENOENT',
  )
}

function decode(text: string, path: string, format: CatalogFormat): SavedState {
  const file = parseObject(text)
  if (file === undefined) return damaged('it is not JSON')
  if (file['format'] !== FORMAT) return damaged('another version of Legate wrote it')
  const payload = file['payload']
  if (!isWhole(text)) return damaged('its checksum does not hold')
  if (!isPayload(payload)) return damaged('its content is not what it should be')
  const catalog = format.decode(JSON.stringify(payload.catalog), path)
  if (!catalog.ok) return damaged(catalog.failure.message)
  return {
    state: 'present',
    lastGood: {
      revision: payload.revision,
      sources: payload.sources,
      catalog: catalog.value,
      emptySinceMs: new Map(payload.emptySinceMs),
    },
  }
}

/** To the byte: the same payload in another form is not what Legate wrote either. */
function isWhole(text: string): boolean {
  const headLength = headText('').length + SHA256_LENGTH
  const payload = text.slice(headLength, -'}\n'.length)
  return text === `${headText(checksum(payload))}${payload}}\n`
}

function damaged(why: string): SavedState {
  return { state: 'damaged', why }
}

function checksum(payload: string): string {
  return hash('sha256', payload)
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isPayload(value: unknown): value is Payload {
  return (
    isRecord(value) &&
    typeof value['revision'] === 'string' &&
    isListOf(value['sources'], isSource) &&
    isListOf(value['emptySinceMs'], isEmptySince)
  )
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isSource(value: unknown): boolean {
  return isRecord(value) && typeof value['path'] === 'string' && typeof value['text'] === 'string'
}

function isEmptySince(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number'
}
