/** Manifests to the questions they put to the world: Consul queries and files to look at. */
import type { ServiceQuery } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import { remember } from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import { filePath } from './names.ts'

export type FilePurpose = 'certificate' | 'crt-list' | 'error-file' | 'password'

export interface FileNeed {
  /** Absolute. */
  readonly path: string
  readonly purpose: FilePurpose
  readonly resource: Resource
  readonly pointer: string
}

export interface Needs {
  /** Distinct, in the order of their keys. */
  readonly queries: readonly ServiceQuery[]
  readonly files: readonly FileNeed[]
}

/** Remembered; relative paths are below `filesRoot`. */
export const needsOf: (manifests: Manifests, settings: { readonly filesRoot: string }) => Needs =
  remember((manifests, { filesRoot }) => {
    const queries = new Map<string, ServiceQuery>()
    for (const backend of manifests.Backend) {
      const query = backendQuery(backend)
      if (query !== undefined) queries.set(queryKey(query), query)
    }
    return {
      queries: [...queries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, query]) => query),
      files: [
        ...certificateFiles(manifests),
        ...errorFiles(manifests),
        ...passwordFiles(manifests),
      ].map((need) => ({ ...need, path: filePath(filesRoot, need.path) })),
    }
  })

/** The question a Backend puts to Consul; tags are looked at afterwards, so that one answer serves many. */
export function backendQuery(backend: Resource<'Backend'>): ServiceQuery | undefined {
  const consul = backend.spec.source.consul
  if (consul === undefined) return undefined
  const { service, datacenter, namespace, partition, filter } = consul
  return {
    service,
    ...(datacenter !== undefined && { datacenter }),
    ...(namespace !== undefined && { namespace }),
    ...(partition !== undefined && { partition }),
    ...(filter !== undefined && { filter }),
  }
}

function certificateFiles(manifests: Manifests): FileNeed[] {
  return manifests.Certificate.map((resource) =>
    resource.spec.file === undefined
      ? {
          path: resource.spec.crtList ?? '',
          purpose: 'crt-list',
          resource,
          pointer: '/spec/crtList',
        }
      : { path: resource.spec.file, purpose: 'certificate', resource, pointer: '/spec/file' },
  )
}

function errorFiles(manifests: Manifests): FileNeed[] {
  return manifests.Defaults.flatMap((resource) =>
    resource.spec.errorFiles.map((entry, i): FileNeed => ({
      path: entry.file,
      purpose: 'error-file',
      resource,
      pointer: `/spec/errorFiles/${i}/file`,
    })),
  )
}

function passwordFiles(manifests: Manifests): FileNeed[] {
  return manifests.Userlist.flatMap((resource) =>
    resource.spec.users.map((user, i): FileNeed => ({
      path: user.passwordFrom.file,
      purpose: 'password',
      resource,
      pointer: `/spec/users/${i}/passwordFrom/file`,
    })),
  )
}
