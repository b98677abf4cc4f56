/** The saved state → the same, kept in memory and written at most so often. */
import type { Catalog, Instance } from '../model/catalog.ts'
import { keysThatDiffer } from '../model/remember.ts'
import type { LastGood } from '../model/snapshot.ts'
import type { World } from '../reconcile/world.ts'
import type { DaemonParts } from './daemon-parts.ts'

/** The first change is written at once, what follows together. */
const SAVE_EVERY_MS = 5000

export interface GoodMemory {
  readonly world: Pick<World, 'readLastGood' | 'saveLastGood'>
  lastGood(): LastGood | undefined
  /** Writes what is not on disk yet, for the last time. */
  close(): Promise<void>
}

export async function rememberedGood(
  base: Pick<World, 'readLastGood' | 'saveLastGood'>,
  { clock, onSaveFailed }: Pick<DaemonParts, 'clock' | 'onSaveFailed'>,
): Promise<GoodMemory> {
  let onDisk = await base.readLastGood()
  let good = onDisk
  let isResting = false
  let callOff: (() => void) | undefined
  let saving: Promise<void> = Promise.resolve()
  let trouble: string | undefined
  const save = async (): Promise<void> => {
    if (good === undefined || good === onDisk) return
    const now = good
    const saved = await base.saveLastGood(now, onDisk)
    if (saved.ok) onDisk = now
    else if (saved.failure.message !== trouble) onSaveFailed(saved.failure.message)
    trouble = saved.ok ? undefined : saved.failure.message
  }
  const saveSoon = (): void => {
    if (isResting) return
    isResting = true
    saving = saving.then(save)
    callOff = clock.after(SAVE_EVERY_MS, () => {
      isResting = false
      if (good !== onDisk) saveSoon()
    })
  }
  return {
    lastGood: () => good,
    close: async () => {
      isResting = true
      callOff?.()
      saving = saving.then(save)
      await saving
    },
    world: {
      readLastGood: () => Promise.resolve(good),
      saveLastGood: (next) => {
        const isSame = good !== undefined && sameGood(good, next)
        // What is on disk stays what is on disk, though held departures change.
        if (isSame && good === onDisk) onDisk = next
        good = next
        if (!isSame) saveSoon()
        return Promise.resolve({ ok: true, value: undefined })
      },
    },
  }
}

/** By identity: what did not change is the same object. */
function sameGood(a: LastGood, b: LastGood): boolean {
  if (a.revision !== b.revision || a.catalog.size !== b.catalog.size) return false
  if (JSON.stringify([...a.emptySinceMs]) !== JSON.stringify([...b.emptySinceMs])) return false
  const changed = keysThatDiffer(a.catalog, b.catalog)
  return (
    changed?.every((key) => instancesIn(a.catalog, key) === instancesIn(b.catalog, key)) === true
  )
}

function instancesIn(catalog: Catalog, key: string): readonly Instance[] | undefined {
  const answer = catalog.get(key)?.answer
  return answer?.state === 'answered' ? answer.instances : undefined
}
