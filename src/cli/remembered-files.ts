/** The readers of manifests, templates and other files → the same, reading again only what may have changed. */
import type { FileNeed } from '../compile/needs.ts'
import { createManifestReader } from '../files/manifest-reader.ts'
import { readManifestsSettled } from '../files/settle.ts'
import type { Result } from '../model/failure.ts'
import type { ReferencedFiles, Templates } from '../model/snapshot.ts'
import type { Sources, World } from '../reconcile/world.ts'
import type { DaemonParts } from './daemon-parts.ts'
import type { SettingsValues } from './settings.ts'

type Parts = Pick<DaemonParts, 'values' | 'clock' | 'watch'>

interface FilesMemory {
  readonly world: Pick<World, 'readSources' | 'readTemplates' | 'readFiles'>
  forget(): void
}

export function rememberedFiles(base: World, parts: Parts): FilesMemory {
  const sources = rememberedSources(parts)
  const references = rememberedReferences(base, parts)
  let templates: Result<Templates> | undefined
  return {
    forget: () => {
      sources.forget()
      references.forget()
    },
    world: {
      readSources: sources.read,
      readTemplates: async () => (templates = sameTemplates(templates, await base.readTemplates())),
      readFiles: references.read,
    },
  }
}

interface Memory<F> {
  readonly read: F
  forget(): void
}

function rememberedSources({ values, clock }: Parts): Memory<World['readSources']> {
  const reader = createManifestReader(values.manifests, clock)
  const options = { read: reader.read, templates: values.templates }
  let isOld = true
  let sources: Result<Sources> | undefined
  return {
    forget: () => {
      isOld = true
    },
    read: async () => {
      if (sources !== undefined && !isOld) return sources
      isOld = false
      const read = await readManifestsSettled(values.manifests, clock, options)
      // The same sources stay the same object, so that later stages have nothing to do.
      const isSame = read.ok && sources?.ok === true && read.value.sources === sources.value.sources
      sources = isSame ? (sources ?? read) : read
      // What cannot be read is read again by every pass until it can.
      if (!sources.ok) isOld = true
      return sources
    },
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
