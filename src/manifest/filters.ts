/** A filter → whether the field named after its type is there, and no other. */
import type { Filter, HeaderFilter } from '../model/manifest.gen.ts'
import type { Breach } from './breach.ts'
import { missing, unfitting } from './breach.ts'

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['RequestHeaderModifier', 'requestHeaderModifier'],
  ['ResponseHeaderModifier', 'responseHeaderModifier'],
  ['RequestRedirect', 'requestRedirect'],
])

export function filterFits(filter: Filter | HeaderFilter, about: string): Breach[] {
  const wanted = FIELDS.get(filter.type)
  if (wanted === undefined) return []
  const lacking = Object.hasOwn(filter, wanted)
    ? []
    : [missing(about, wanted, `a filter of type ${filter.type} says there what it does`)]
  const extra = [...FIELDS.values()].filter((f) => f !== wanted && Object.hasOwn(filter, f))
  return [
    ...lacking,
    ...extra.map((field) => unfitting(about, field, `${field} is not for type ${filter.type}`)),
  ]
}
