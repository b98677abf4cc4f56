/** What a pass needs of the world: one set of ports, wired in cli/ and faked in tests. */
import type { FileNeed } from '../compile/needs.ts'
import type { CompileSettings } from '../compile/compile.ts'
import type { Schemas } from '../manifest/manifest.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Result } from '../model/failure.ts'
import type { CatalogSource, Hold } from '../model/ports.ts'
import type { SourceFile } from '../model/resource.ts'
import type { LastGood, ReferencedFiles, Templates } from '../model/snapshot.ts'
import type { PlanRules } from '../plan/plan.ts'
import type { Layout } from '../render/render.ts'
import type { RemovalLimits } from './guard.ts'

export interface Sources {
  readonly sources: readonly SourceFile[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface World {
  readonly schemas: Schemas
  readonly layout: Layout
  readonly compileSettings: CompileSettings
  readonly removalLimits: RemovalLimits
  readonly planRules: PlanRules
  /** Manifest files as they are now. */
  readSources(): Promise<Result<Sources>>
  readTemplates(): Promise<Result<Templates>>
  /** Undefined where nothing is asked (`validate`). */
  readonly catalog: CatalogSource | undefined
  /** An empty map where files are checked by shape only. */
  readFiles(needs: readonly FileNeed[]): Promise<ReferencedFiles>
  /** Undefined when there is none, or none that can be trusted. */
  readLastGood(): Promise<LastGood | undefined>
  /** `before` is what `readLastGood` gave: nothing is written when nothing changed. */
  saveLastGood(lastGood: LastGood, before: LastGood | undefined): Promise<Result<void>>
  /** Undefined where HAProxy is not looked at. */
  readonly hold: Hold | undefined
  /** Milliseconds since the epoch. */
  now(): number
  /** Between two pieces of work: lets others have their turn, where it has taken long since they had one. */
  breathe(): Promise<void>
}
