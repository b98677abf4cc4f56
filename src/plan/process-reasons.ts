/** The rendered state × what the running HAProxy shows → what it lacks. */
import type { RunningProcess } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import { sameServers } from '../model/live-servers.ts'
import type { Reason } from '../model/plan.ts'
import { routeReasons } from './routes.ts'

export function compareProcess(bundle: Bundle, seen: RunningProcess): Reason[] {
  if (seen.structure !== bundle.structure)
    return [
      {
        code: 'process-differs',
        message:
          seen.structure === undefined
            ? 'the running HAProxy was not started from a file of Legate'
            : 'the running HAProxy has another structure than the manifests ask for',
      },
    ]
  const { maps } = seen.live
  return [
    ...compareServers(bundle, seen),
    ...routeReasons(
      bundle,
      ({ name }) => maps.get(name) !== bundle.live.maps.get(name),
      'the running HAProxy has other routes',
    ),
    ...compareCertificates(bundle, seen),
  ]
}

function compareServers(bundle: Bundle, seen: RunningProcess): Reason[] {
  return [...bundle.live.servers]
    .filter(([name, servers]) => !sameServers(servers, seen.live.servers.get(name) ?? []))
    .map(([name]) => {
      const header = `backend ${name}`
      const resource = bundle.sections.find((section) => section.header === header)?.resource
      return {
        code: 'servers-changed',
        message: `${header}: the servers of the running HAProxy differ`,
        ...(resource !== undefined && { resource, directive: 'server' }),
      }
    })
}

function compareCertificates(bundle: Bundle, seen: RunningProcess): Reason[] {
  return [...bundle.live.certificates]
    .filter(([path, fingerprint]) => seen.live.certificates.get(path) !== fingerprint)
    .map(([path]) => ({ code: 'certificates-changed', message: `the certificate ${path} is new` }))
}
