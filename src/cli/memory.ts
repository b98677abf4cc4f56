/** Settings → what was applied last, read from the state folder and saved there. */
import { decodeCatalog, encodeCatalog } from '../consul/snapshot.ts'
import { readLastGood, saveLastGood } from '../files/last-good.ts'
import type { CatalogEntry } from '../model/catalog.ts'
import type { CatalogFormat, Writer } from '../model/ports.ts'
import type { LastGood } from '../model/snapshot.ts'
import type { World } from '../reconcile/world.ts'
import type { Context } from './context.ts'

export type Memory = Pick<World, 'readLastGood' | 'saveLastGood'>

const FORMAT: CatalogFormat = {
  encode: (catalog) => encodeCatalog(catalog, 'dense'),
  decode: decodeCatalog,
}

export function memoryOf({ settings, console }: Context, writer: Writer): Memory {
  const { stateDir } = settings.values
  return {
    readLastGood: async () => {
      const read = await readLastGood(stateDir, FORMAT)
      if (read.state === 'damaged')
        console.err(`legate: the saved state is not used: ${read.why}\n`)
      return read.state === 'present' ? read.lastGood : undefined
    },
    saveLastGood: async (lastGood, before) =>
      sameMemory(before, lastGood)
        ? { ok: true, value: undefined }
        : saveLastGood(stateDir, lastGood, { writer, format: FORMAT }),
  }
}

function sameMemory(a: LastGood | undefined, b: LastGood): boolean {
  if (a === undefined || a.revision !== b.revision || a.catalog.size !== b.catalog.size)
    return false
  if (!isSameText([...a.emptySinceMs], [...b.emptySinceMs])) return false
  // What did not change is the same object, but for what was read from the disk.
  for (const [key, entry] of b.catalog) {
    const before = a.catalog.get(key)
    if (before === undefined || !isSameEntry(before, entry)) return false
  }
  return true
}

/** Instance by instance: of ten thousand the first that differs is enough. */
function isSameEntry(a: CatalogEntry, b: CatalogEntry): boolean {
  if (a.answer.state === 'failed' || b.answer.state === 'failed') return isSameText(a, b)
  const [{ instances: before, ...restBefore }, { instances: now, ...rest }] = [a.answer, b.answer]
  return (
    before.length === now.length &&
    isSameText([a.query, restBefore], [b.query, rest]) &&
    before.every((one, i) => one === now[i] || isSameText(one, now[i]))
  )
}

function isSameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
