/** A map with all of its entries goes in, one transaction in the worker comes out: all of them, or none. */
import { ok, type Result } from '../model/failure.ts'
import type { RuntimeChange } from '../model/runtime.ts'
import { escapeArgument } from './cli.ts'
import { isExpected } from './replies.ts'
import type { StepEnd } from './recipes.ts'
import type { Talk } from './talk.ts'

/** HAProxy takes a command as a whole into a buffer of 16 KiB (tune.bufsize), some of which it reserves. */
const CHUNK_BYTES = 8 * 1024

export async function setMap(
  talk: Talk,
  { path, text }: Extract<RuntimeChange, { kind: 'set-map' }>,
): Promise<Result<StepEnd>> {
  const map = escapeArgument(path)
  const prepare = `prepare map ${map}`
  const prepared = await talk.ask(prepare)
  if (!prepared.ok) return prepared
  if (!isExpected('version', prepared.value))
    return ok({ state: 'refused', command: prepare, reply: prepared.value })
  const version = `@${prepared.value.replace(/\D+/g, '')} ${map}`
  for (const chunk of chunksOf(text)) {
    const command = `add map ${version}`
    // oxlint-disable-next-line no-await-in-loop -- in this order
    const added = await talk.tell(command, chunk)
    if (added.ok && isExpected('silence', added.value)) continue
    // Entries of a version that nobody commits are never looked up; they only take room.
    // oxlint-disable-next-line no-await-in-loop
    if (added.ok) await talk.ask(`clear map ${version}`)
    return added.ok ? ok({ state: 'refused', command, reply: added.value }) : added
  }
  const commit = `commit map ${version}`
  const committed = await talk.ask(commit)
  if (!committed.ok) return committed
  return ok(
    isExpected('silence', committed.value)
      ? { state: 'done' }
      : { state: 'refused', command: commit, reply: committed.value },
  )
}

/** Whole lines. */
function chunksOf(text: string): string[] {
  const chunks: string[] = []
  let chunk = ''
  for (const line of text.split('\n')) {
    if (line === '') continue
    if (Buffer.byteLength(chunk) + Buffer.byteLength(line) > CHUNK_BYTES && chunk !== '') {
      chunks.push(chunk)
      chunk = ''
    }
    chunk += `${line}\n`
  }
  return chunk === '' ? chunks : [...chunks, chunk]
}
