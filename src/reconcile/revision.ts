/** The manifests as they are now, or the last good ones in their place when these cannot be used. */
import type { ParsedManifests, Schemas } from '../manifest/manifest.ts'
import { parseManifests } from '../manifest/manifest.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { hasErrors, inOrder } from '../model/diagnostic.ts'
import type { Result } from '../model/failure.ts'
import { ok } from '../model/failure.ts'
import { remember } from '../model/remember.ts'
import type { Manifests, Resource, SourceFile } from '../model/resource.ts'
import { KINDS } from '../model/resource.ts'
import type { LastGood, Templates } from '../model/snapshot.ts'
import type { HeldRevision, RefusedRevision } from './outcome.ts'
import type { Sources } from './world.ts'

/** As it is in the folders. A single pass reads the templates when it needs them. */
export interface Read {
  readonly sources: Result<Sources>
  readonly templates: Result<Templates> | undefined
}

export interface ChosenRevision {
  readonly sources: readonly SourceFile[]
  readonly manifests: Manifests
  readonly diagnostics: readonly Diagnostic[]
  readonly templates?: Templates
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

/** Without `standIn`, or without a last good revision, what is there counts, be it bad. */
export function chooseRevision(
  read: Read,
  schemas: Schemas,
  standIn: StandIn | undefined,
): Result<ChosenRevision> {
  const now = asRead(read, schemas)
  const good = standIn?.lastGood
  if (standIn === undefined || good === undefined) return now
  const held = heldBack(read, now, standIn.refused, good)
  // What was read before a restart is not known any more; that of now has to do.
  const templates =
    good.templates ?? (read.templates?.ok === true ? read.templates.value : undefined)
  if (held === undefined || templates === undefined) return now
  return ok({ sources: good.sources, ...parse(good.sources, schemas), templates, held })
}

function asRead({ sources, templates }: Read, schemas: Schemas): Result<ChosenRevision> {
  if (!sources.ok) return sources
  if (templates?.ok === false) return templates
  const { manifests, diagnostics } = parse(sources.value.sources, schemas)
  return ok({
    sources: sources.value.sources,
    manifests,
    diagnostics: inOrder([...sources.value.diagnostics, ...diagnostics]),
    ...(templates !== undefined && { templates: templates.value }),
  })
}

function heldBack(
  read: Read,
  now: Result<ChosenRevision>,
  refused: StandIn['refused'],
  good: LastGood,
): HeldRevision | undefined {
  if (now.ok) return unreadBeside(now.value, good) ?? refusedBefore(now.value, refused, good)
  const name = read.sources.ok ? 'the template folder' : 'the manifest folder'
  return { name, diagnostics: [], why: now.failure.message }
}

/** What cannot be read as text is no part of a revision: the last good one may be there, and not be all there is. */
function unreadBeside(
  { manifests: { revision }, diagnostics }: ChosenRevision,
  good: LastGood,
): HeldRevision | undefined {
  const isBeside = good.revision === revision && hasErrors(diagnostics)
  return isBeside ? { name: 'the manifest folder', diagnostics } : undefined
}

function refusedBefore(
  { manifests: { revision }, diagnostics, templates }: ChosenRevision,
  refused: StandIn['refused'],
  good: LastGood,
): HeldRevision | undefined {
  const isOther = (them: Templates | undefined): boolean => them !== undefined && them !== templates
  const isSame = good.revision === revision
  if (isSame && !isOther(good.templates)) return undefined
  const found = refused.get(revision)
  const refusal = isOther(found?.templates) ? undefined : found
  if (refusal === undefined && !hasErrors(diagnostics)) return undefined
  return {
    ...refusal,
    name: isSame ? 'the template folder' : `revision ${revision.slice(0, 12)}`,
    revision,
    diagnostics: inOrder([...diagnostics, ...(refusal?.diagnostics ?? [])]),
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

const idsOf: (manifests: Manifests) => readonly string[] = remember((manifests) =>
  KINDS.flatMap((kind): readonly Resource[] => manifests[kind]).map((r) => r.id),
)
