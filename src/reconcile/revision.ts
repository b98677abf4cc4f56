/** The manifests as they are now, or the last good ones in their place when these cannot be used. */
import type { ParsedManifests, Schemas } from '../manifest/manifest.ts'
import { parseManifests } from '../manifest/manifest.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { hasErrors, inOrder } from '../model/diagnostic.ts'
import { remember } from '../model/remember.ts'
import type { Manifests, Resource, SourceFile } from '../model/resource.ts'
import { KINDS } from '../model/resource.ts'
import type { LastGood } from '../model/snapshot.ts'
import type { HeldRevision, RefusedRevision } from './outcome.ts'
import type { Sources } from './world.ts'

export interface ChosenRevision {
  readonly sources: readonly SourceFile[]
  readonly manifests: Manifests
  readonly diagnostics: readonly Diagnostic[]
  readonly held?: HeldRevision
}

export interface StandIn {
  readonly refused: ReadonlyMap<string, RefusedRevision>
  readonly lastGood: LastGood | undefined
}

/** The same sources give the same resources, object for object. */
const parse: (sources: readonly SourceFile[], schemas: Schemas) => ParsedManifests = remember(
  (sources, schemas) => parseManifests(sources, schemas),
)

/** Without `standIn`, or without a last good revision, a bad revision is what there is. */
export function chooseRevision(
  read: Sources,
  schemas: Schemas,
  standIn: StandIn | undefined,
): ChosenRevision {
  const { manifests, diagnostics } = parse(read.sources, schemas)
  const all = inOrder([...read.diagnostics, ...diagnostics])
  const now = { sources: read.sources, manifests, diagnostics: all }
  const refused = standIn?.refused.get(manifests.revision)
  const isBad = hasErrors(all) || refused !== undefined
  const good = standIn?.lastGood
  if (!isBad || good === undefined || good.revision === manifests.revision) return now
  return {
    sources: good.sources,
    ...parse(good.sources, schemas),
    held: {
      revision: manifests.revision,
      sources: read.sources,
      ...refused,
      diagnostics: inOrder([...all, ...(refused?.diagnostics ?? [])]),
    },
  }
}

/** Ids of the resources of the last good revision and of this one; the same where the revision is the same. */
export function resourceIds(
  lastGood: LastGood | undefined,
  manifests: Manifests,
  schemas: Schemas,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const after = idsOf(manifests)
  if (lastGood === undefined || lastGood.revision === manifests.revision)
    return { before: after, after }
  return { before: idsOf(parse(lastGood.sources, schemas).manifests), after }
}

function idsOf(manifests: Manifests): string[] {
  return KINDS.flatMap((kind): readonly Resource[] => manifests[kind]).map((r) => r.id)
}
