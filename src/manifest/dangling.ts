/** References that lead to nothing, or to something of the wrong kind. */
import type { DiagnosticCode } from '../model/codes.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Kind, Resource } from '../model/resource.ts'
import { KINDS } from '../model/resource.ts'
import type { Claim } from './document.ts'
import type { Linked } from './linked.ts'
import { called, calledAs, idOf } from './linked.ts'
import { nearest } from './nearest.ts'
import { below } from './pointer.ts'
import type { Link } from './references.ts'
import { linksFrom } from './references.ts'

const CODES: { readonly [K in Kind]?: DiagnosticCode } = { Backend: 'LG2001', Frontend: 'LG2002' }

/** What exists, by every way of looking for it. */
interface Directory {
  readonly resources: ReadonlyMap<string, Resource>
  readonly claimed: ReadonlySet<string>
  /** Words of text that could not be read. */
  readonly unread: ReadonlySet<string>
  /** Names by kind and namespace. */
  readonly names: ReadonlyMap<string, readonly string[]>
  /** Namespaces by kind and name. */
  readonly namespaces: ReadonlyMap<string, readonly string[]>
}

export function danglingReferences(all: Linked): Diagnostic[] {
  const directory = directoryOf(all)
  return all.resources
    .flatMap((resource) => linksFrom(resource))
    .filter((link) => !exists(link, directory) && !mayBeUnread(link, directory))
    .map((link) => wrongKind(link, directory) ?? dangling(link, directory))
}

function directoryOf({ resources, claims, unread }: Linked): Directory {
  const named: readonly Claim[] = [...resources, ...claims]
  return {
    resources: new Map(resources.map((resource) => [resource.id, resource])),
    claimed: new Set(
      named.flatMap(({ kind, namespace, name }) =>
        (kind === undefined ? KINDS : [kind]).map((k) => idOf(k, namespace, name)),
      ),
    ),
    unread: new Set(unread.flatMap((text) => text.match(/[a-z0-9-]+/g) ?? [])),
    names: grouped(resources, ({ kind, namespace }) => `${kind}/${namespace}`, 'name'),
    namespaces: grouped(resources, ({ kind, name }) => `${kind}/${name}`, 'namespace'),
  }
}

function grouped(
  resources: readonly Resource[],
  key: (resource: Resource) => string,
  field: 'name' | 'namespace',
): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const resource of resources) {
    const group = groups.get(key(resource))
    if (group === undefined) groups.set(key(resource), [resource[field]])
    else group.push(resource[field])
  }
  return groups
}

function exists({ kind, namespace, name }: Link, directory: Directory): boolean {
  return directory.claimed.has(idOf(kind, namespace, name))
}

/** The name stands in text that another diagnostic is about: it is probably defined there. */
function mayBeUnread({ name }: Link, { unread }: Directory): boolean {
  return unread.has(name)
}

function wrongKind(link: Link, directory: Directory): Diagnostic | undefined {
  const { from, namespace, name } = link
  const other = KINDS.map((kind) => directory.resources.get(idOf(kind, namespace, name))).find(
    (resource) => resource !== undefined && resource !== from,
  )
  if (other === undefined) return undefined
  return {
    code: 'LG2004',
    severity: 'error',
    message: `${calledAs(other)} is no ${link.kind}`,
    hint: `a ${link.kind} is needed here`,
    ...placed(link),
    related: [{ message: `the ${other.kind}`, at: other.places.value('/metadata/name') }],
  }
}

function dangling(link: Link, directory: Directory): Diagnostic {
  const { kind, namespace, name } = link
  return {
    code: CODES[kind] ?? 'LG2003',
    severity: 'error',
    message: `there is no ${called(kind, namespace, name)}`,
    ...hintFor(link, directory),
    ...placed(link),
  }
}

function hintFor(link: Link, { names, namespaces }: Directory): { readonly hint?: string } {
  const { kind, namespace, name } = link
  const elsewhere = namespaces.get(`${kind}/${name}`)?.[0]
  if (elsewhere !== undefined)
    return { hint: `there is one in namespace "${elsewhere}": add "namespace: ${elsewhere}"` }
  const near = nearest(name, names.get(`${kind}/${namespace}`) ?? [])
  return near === undefined ? {} : { hint: `did you mean "${near}"?` }
}

function placed({ from, pointer }: Link): Pick<Diagnostic, 'at' | 'pointer'> {
  const name = below(pointer, 'name')
  return { pointer: name, at: from.places.value(name) }
}
