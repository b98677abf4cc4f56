/** The readers of manifests, templates and other files → the same, reading again only what may have changed. */
import type { FileNeed } from '../compile/needs.ts'
import { createManifestReader, type ManifestReader } from '../files/manifest-reader.ts'
import { pathsOf } from '../files/references.ts'
import { readManifestsSettled } from '../files/settle.ts'
import type { Result } from '../model/failure.ts'
import type { ReferencedFiles, Templates } from '../model/snapshot.ts'
import type { Sources, World } from '../reconcile/world.ts'
import type { DaemonParts } from './daemon-parts.ts'
import type { SettingsValues } from './settings.ts'

type Parts = Pick<DaemonParts, 'values' | 'clock' | 'watch'>

interface FilesMemory {
  readonly world: Pick<World, 'readSources' | 'readTemplates' | 'readFiles'>
  /** What may have changed is read again. */
  forget(): void
  /** Everything is read again. */
  forgetAll(): void
}

export function rememberedFiles(base: World, parts: Parts): FilesMemory {
  const reader = createManifestReader(parts.values.manifests, parts.clock)
  const revision = rememberedRevision(revisionReader(base, parts, reader))
  const references = rememberedReferences(base, parts)
  const forget = (): void => {
    revision.forget()
    references.forget()
  }
  return {
    forget,
    forgetAll: () => {
      reader.forgetStamps()
      forget()
    },
    world: {
      readSources: async () => (await revision.read()).sources,
      readTemplates: async () => (await revision.read()).templates,
      readFiles: references.read,
    },
  }
}

interface Memory<F> {
  readonly read: F
  forget(): void
}

/** What one `git checkout` may change together. */
interface Revision {
  readonly sources: Result<Sources>
  readonly templates: Result<Templates>
}

function rememberedRevision(readOne: () => Promise<Revision>): Memory<() => Promise<Revision>> {
  let isOld = true
  let known: Revision | undefined
  let reading: Promise<Revision> | undefined
  const read = async (): Promise<Revision> => {
    isOld = false
    const fresh = await readOne()
    // What did not change stays the same object, so that later stages have nothing to do.
    known = {
      sources: sameSources(known?.sources, fresh.sources),
      templates: sameTemplates(known?.templates, fresh.templates),
    }
    // What cannot be read is read again by every pass until it can.
    if (!fresh.sources.ok || !fresh.templates.ok) isOld = true
    return known
  }
  return {
    forget: () => {
      isOld = true
    },
    // A pass asks twice, for either half: both are of one reading.
    read: async () => {
      if (reading === undefined && known !== undefined && !isOld) return known
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading
    },
  }
}

/** Manifests and templates settle together: none are from before a change that the others are from after. */
function revisionReader(
  base: World,
  { values, clock }: Parts,
  reader: ManifestReader,
): () => Promise<Revision> {
  return async () => {
    let templates: Promise<Result<Templates>> | undefined
    const read = async (): ReturnType<typeof reader.read> => {
      templates = base.readTemplates()
      const [manifests] = await Promise.all([reader.read(), templates])
      return manifests
    }
    const options = { read, templates: values.templates }
    const sources = await readManifestsSettled(values.manifests, clock, options)
    return { sources, templates: await (templates ?? base.readTemplates()) }
  }
}

function rememberedReferences(base: World, { values, watch }: Parts): Memory<World['readFiles']> {
  let remembered: { readonly key: string; readonly files: ReferencedFiles } | undefined
  let forgotten = 0
  return {
    forget: () => {
      forgotten += 1
      remembered = undefined
    },
    read: async (needs) => {
      watch.follow(followed(values, needs))
      const key = needs.map((n) => `${n.purpose} ${n.path}`).join('\n')
      if (remembered?.key === key) return remembered.files
      const before = forgotten
      const files = await base.readFiles(needs)
      // What changed while it was read is read again.
      if (before === forgotten) remembered = { key, files }
      return files
    },
  }
}

function followed({ consul }: SettingsValues, needs: readonly FileNeed[]): string[] {
  const { caFile, certFile, keyFile } = consul.tls
  const own = [consul.tokenFile, caFile, certFile, keyFile].filter((path) => path !== undefined)
  return [...needs.flatMap(pathsOf), ...own]
}

function sameSources(before: Result<Sources> | undefined, now: Result<Sources>): Result<Sources> {
  if (before?.ok !== true || !now.ok || now.value.sources !== before.value.sources) return now
  const isSame = JSON.stringify(before.value.diagnostics) === JSON.stringify(now.value.diagnostics)
  return isSame ? before : now
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
