/** Reasons of a plan with the manifest line or the Consul service they come from. */
import type { Plan, Reason } from '../model/plan.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import { remember } from '../model/remember.ts'
import { KINDS } from '../model/resource.ts'
import { fieldOf } from '../render/explain-line.ts'

export function locateReasons(plan: Plan, manifests: Manifests): Plan {
  if (plan.action === 'in-sync') return plan
  return { ...plan, reasons: plan.reasons.map((reason) => locate(reason, manifests)) }
}

function locate(reason: Reason, manifests: Manifests): Reason {
  const resource = resourceById(manifests, reason.resource)
  if (resource === undefined) return reason
  const service = reason.code === 'servers-changed' ? consulService(resource) : undefined
  if (service !== undefined) return { ...reason, service }
  const pointer =
    reason.directive === undefined
      ? '/metadata/name'
      : fieldOf(resource.kind.toLowerCase(), reason.directive)
  return { ...reason, at: resource.places.value(pointer) }
}

export function resourceById(manifests: Manifests, id: string | undefined): Resource | undefined {
  if (id === undefined) return undefined
  return byId(manifests).get(id)
}

const byId = remember(
  (manifests: Manifests): ReadonlyMap<string, Resource> =>
    new Map(
      KINDS.flatMap((kind): readonly Resource[] => manifests[kind]).map((each) => [each.id, each]),
    ),
)

function consulService(resource: Resource): string | undefined {
  return 'source' in resource.spec ? resource.spec.source.consul?.service : undefined
}
