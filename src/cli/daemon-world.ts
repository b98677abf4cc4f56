/** The world of a single pass → that of the daemon: read again only what may have changed. */
import type { FileNeed } from '../compile/needs.ts'
import { createManifestReader } from '../files/manifest-reader.ts'
import { readManifestsSettled } from '../files/settle.ts'
import type { Clock, FileWatch } from '../model/feed.ts'
import type { CatalogSource } from '../model/ports.ts'
import type { LastGood, ReferencedFiles, Templates } from '../model/snapshot.ts'
import type { Result } from '../model/failure.ts'
import type { Sources, World } from '../reconcile/world.ts'
import type { SettingsValues } from './settings.ts'

/** How often the memory goes to disk while it keeps changing. */
const SAVE_EVERY_MS = 5000

export interface DaemonParts {
  readonly values: SettingsValues
  readonly clock: Clock
  readonly catalog: CatalogSource
  readonly watch: FileWatch
  readonly onSaveFailed: (message: string) => void
}

export interface DaemonWorld {
  readonly world: World
  /** Everything in files may have changed: the next pass reads it again. */
  forgetFiles(): void
  lastGood(): LastGood | undefined
  /** Writes what is not on disk yet. */
  flush(): Promise<void>
}

export async function daemonWorld(base: World, parts: DaemonParts): Promise<DaemonWorld> {
  const files = rememberedFiles(base, parts)
  const memory = await rememberedGood(base, parts)
  return {
    world: { ...base, ...files.world, ...memory.world, catalog: parts.catalog },
    forgetFiles: files.forget,
    lastGood: memory.lastGood,
    flush: memory.flush,
  }
}

interface FilesMemory {
  readonly world: Pick<World, 'readSources' | 'readTemplates' | 'readFiles'>
  forget(): void
}

function rememberedFiles(base: World, { values, clock, watch }: DaemonParts): FilesMemory {
  const reader = createManifestReader(values.manifests, clock)
  let isOld = true
  let sources: Result<Sources> | undefined
  let templates: Result<Templates> | undefined
  let references: { readonly key: string; readonly files: ReferencedFiles } | undefined
  const readSources = async (): Promise<Result<Sources>> => {
    const read = await readManifestsSettled(values.manifests, clock, {
      read: reader.read,
      templates: values.templates,
    })
    // The same sources stay the same object, so that later stages have nothing to do.
    const same = read.ok && sources?.ok === true && read.value.sources === sources.value.sources
    return same ? (sources ?? read) : read
  }
  return {
    forget: () => {
      isOld = true
      references = undefined
    },
    world: {
      readSources: async () => {
        if (sources !== undefined && !isOld) return sources
        isOld = false
        sources = await readSources()
        // What cannot be read is read again by every pass until it can.
        if (!sources.ok) isOld = true
        return sources
      },
      readTemplates: async () => (templates = sameTemplates(templates, await base.readTemplates())),
      readFiles: async (needs) => {
        watch.follow(followed(values, needs))
        const key = needs.map((n) => `${n.purpose} ${n.path}`).join('\n')
        if (references?.key !== key) references = { key, files: await base.readFiles(needs) }
        return references.files
      },
    },
  }
}

function followed({ consul }: SettingsValues, needs: readonly FileNeed[]): string[] {
  const { caFile, certFile, keyFile } = consul.tls
  const own = [consul.tokenFile, caFile, certFile, keyFile].filter((path) => path !== undefined)
  return [...needs.map((n) => n.path), ...own]
}

/** Sections are remembered by the templates object. */
function sameTemplates(
  before: Result<Templates> | undefined,
  now: Result<Templates>,
): Result<Templates> {
  if (before?.ok !== true || !now.ok) return now
  const isSame =
    before.value.size === now.value.size &&
    [...now.value].every(([name, text]) => before.value.get(name) === text)
  return isSame ? before : now
}

interface GoodMemory {
  readonly world: Pick<World, 'readLastGood' | 'saveLastGood'>
  lastGood(): LastGood | undefined
  flush(): Promise<void>
}

async function rememberedGood(base: World, parts: DaemonParts): Promise<GoodMemory> {
  const { clock, onSaveFailed } = parts
  let onDisk = await base.readLastGood()
  let good = onDisk
  let isWaiting = false
  let saving: Promise<void> = Promise.resolve()
  const save = async (): Promise<void> => {
    if (good === undefined || good === onDisk) return
    const now = good
    const saved = await base.saveLastGood(now, onDisk)
    if (saved.ok) onDisk = now
    else onSaveFailed(saved.failure.message)
  }
  const later = (): void => {
    if (isWaiting) return
    isWaiting = true
    clock.after(SAVE_EVERY_MS, () => {
      isWaiting = false
      saving = saving.then(save)
    })
  }
  return {
    lastGood: () => good,
    flush: async () => {
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
        if (!isSame) later()
        return Promise.resolve({ ok: true, value: undefined })
      },
    },
  }
}

/** By identity: what did not change is the same object. */
function sameGood(a: LastGood, b: LastGood): boolean {
  if (a.revision !== b.revision || a.catalog.size !== b.catalog.size) return false
  if (JSON.stringify([...a.emptySinceMs]) !== JSON.stringify([...b.emptySinceMs])) return false
  return [...b.catalog].every(([key, { answer }]) => {
    const before = a.catalog.get(key)?.answer
    return (
      before?.state === 'answered' &&
      answer.state === 'answered' &&
      before.instances === answer.instances
    )
  })
}
