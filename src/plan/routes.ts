/** Maps that differ → one reason for each frontend whose routes they are. */
import type { Bundle, BundleFile } from '../model/bundle.ts'
import type { Reason } from '../model/plan.ts'

/** `what` follows the frontend's name: `its routes change`. */
export function routeReasons(
  bundle: Bundle,
  isDifferent: (map: BundleFile) => boolean,
  what: string,
): Reason[] {
  const parts = new Map<string, string[]>()
  for (const map of bundle.files.filter(isDifferent)) {
    const [, frontend = map.name, part = ''] = /^(.*)-([a-z]+)\.map$/.exec(map.name) ?? []
    parts.set(frontend, [...(parts.get(frontend) ?? []), part])
  }
  return [...parts].map(([frontend, changed]) => {
    const header = `frontend ${frontend}`
    const resource = bundle.sections.find((section) => section.header === header)?.resource
    return {
      code: 'routes-changed',
      message: `${header}: ${what} (${changed.join(', ')})`,
      ...(resource !== undefined && { resource }),
    }
  })
}
