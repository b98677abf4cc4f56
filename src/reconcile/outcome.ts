/** What a pass is asked to do, and what it saw and did. */
import type { Compiled } from '../compile/compile.ts'
import type { DepartureGuard } from '../compile/departures.ts'
import type { Needs } from '../compile/needs.ts'
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Catalog } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Drift } from '../model/drift.ts'
import type { Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { ApplyOutcome } from '../model/ports.ts'
import type { Manifests, SourceFile } from '../model/resource.ts'
import type { Templates } from '../model/snapshot.ts'
import type { Suspension } from '../model/suspension.ts'
import type { Allowances, Refusal } from './guard.ts'

/** How far the pass goes. */
export type Until = 'manifests' | 'catalog' | 'topology' | 'bundle' | 'plan' | 'applied'

export interface Intent {
  readonly until: Until
  readonly allow?: Partial<Allowances>
  /** Whether `haproxy -c` looks at the bundle although nothing is applied. */
  readonly check?: boolean
  /** What only the daemon does; a single pass ends where it meets something wrong. */
  readonly daemon?: {
    /** By revision: those that were tried and refused; the last good one stands in for them. */
    readonly refused: ReadonlyMap<string, RefusedRevision>
    readonly departures: DepartureGuard
    /** False while reloads are rationed: a plan that needs one is put off. */
    readonly mayReload: boolean
    /** What HAProxy was last proven with: what differs from it now is somebody else's doing. */
    readonly proven?: Bundle
    /** Nothing is ever applied: whatever is not as desired counts as drift. */
    readonly detects?: boolean
    /** The file was written a short time ago: what changes at run time now reaches it with a later pass. */
    readonly fileRests?: boolean
    /** A file that was written without HAProxy's own check has rested for long enough: it is made now. */
    readonly checkDue?: boolean
    /** HAProxy backends to look at, the rest being as it was seen last; absent: everything. */
    readonly glance?: ReadonlySet<string>
  }
}

/** Why an earlier pass did not go on with a revision: HAProxy, a file it names, or a guard said no. */
export interface RefusedRevision {
  /** Errors. */
  readonly diagnostics: readonly Diagnostic[]
  readonly why?: string
  /** It was refused with these; with others it may be tried. */
  readonly templates?: Templates
}

/** What is in the folders and is not used, and why; the last good revision is. */
export interface HeldRevision extends RefusedRevision {
  /** For people, singular: `revision 0123456789ab`, `the template folder`. */
  readonly name: string
  /** Absent where the manifests cannot be read. */
  readonly revision?: string
}

/** Everything that was seen and done, as far as the pass came; the reason why it went no further is last. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: readonly SourceFile[]
  readonly held?: HeldRevision
  readonly manifests?: Manifests
  /** Read at once by the daemon, when they are needed by a single pass. */
  readonly templates?: Templates
  readonly needs?: Needs
  readonly catalog?: Catalog
  readonly compiled?: Compiled
  readonly bundle?: Bundle
  readonly actual?: Actual
  /** Changes that somebody else made since the last proof. */
  readonly drift?: readonly Drift[]
  readonly plan?: Plan
  readonly refusal?: Refusal
  /** Nothing was to be applied by this pass, whatever the plan says. */
  readonly suspended?: Suspension
  /** The plan needs a reload, and reloads are rationed at the moment. */
  readonly deferred?: boolean
  /** What came of the changes that did not have to wait for it. */
  readonly meanwhile?: ApplyOutcome
  readonly applied?: ApplyOutcome
  /** The process has it, and the file does not yet. */
  readonly fileLags?: boolean
  /** Whether HAProxy's own check of the file is still to come; absent where nothing was written or checked. */
  readonly unchecked?: boolean
  /** What the world refused. */
  readonly failure?: Failure
}
