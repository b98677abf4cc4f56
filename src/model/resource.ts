/** A document of the manifests after it passed its schema, and where each of its fields stands. */
import type { Position } from './diagnostic.ts'
import type {
  Backend,
  Certificate,
  Defaults,
  Frontend,
  Global,
  HostRoute,
  Userlist,
} from './manifest.gen.ts'

export interface SpecOf {
  Global: Global['spec']
  Defaults: Defaults['spec']
  Frontend: Frontend['spec']
  HostRoute: HostRoute['spec']
  Backend: Backend['spec']
  Certificate: Certificate['spec']
  Userlist: Userlist['spec']
}

export type Kind = keyof SpecOf

export const KINDS: readonly Kind[] = [
  'Global',
  'Defaults',
  'Frontend',
  'HostRoute',
  'Backend',
  'Certificate',
  'Userlist',
]

/** A manifest or settings file as read: the path as a person would type it, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Where the fields of one document stand: JSON pointer (`/spec/rules/0`) to positions. */
export interface Places {
  /** The position of the field's value, of the nearest parent that is there, or of the document. */
  value(pointer: string): Position
  /** The position of the field's name; falls back as `value` does. */
  key(pointer: string): Position
}

export interface Resource<K extends Kind = Kind> {
  readonly kind: K
  readonly namespace: string
  readonly name: string
  /** `Kind/namespace/name`: unique in a revision, printable, made of validated names only. */
  readonly id: string
  /** As the schema says, with its defaults filled in. */
  readonly spec: SpecOf[K]
  readonly places: Places
}

/** Resources by kind, each list sorted by namespace and name. */
export type ByKind = { readonly [K in Kind]: readonly Resource<K>[] }

/** All resources of one revision. */
export type Manifests = ByKind & {
  /** SHA-256 over paths and bytes of all manifest files, in hex. */
  readonly revision: string
}
