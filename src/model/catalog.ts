/** What Consul knows, as values: questions, instances, answers. Every string in here is hostile. */
import type { Failure } from './failure.ts'
import { remember } from './remember.ts'

/** One distinct health question. Two Backends that ask the same share the answer. */
export interface ServiceQuery {
  readonly service: string
  readonly datacenter?: string
  readonly namespace?: string
  readonly partition?: string
  /** Consul filter expression, evaluated by Consul. */
  readonly filter?: string
}

export type CheckStatus = 'passing' | 'warning' | 'critical' | 'maintenance'

export interface Check {
  /** CheckID; `_node_maintenance` and `_service_maintenance:…` mean maintenance. */
  readonly id: string
  readonly name: string
  readonly status: CheckStatus
}

export interface Instance {
  readonly node: string
  readonly id: string
  readonly datacenter: string
  /** The service's address, or the node's where that is empty; unchecked. */
  readonly address: string
  /** Unchecked: may be 0, negative or too large. */
  readonly port: number
  readonly tags: readonly string[]
  readonly weights: { readonly passing: number; readonly warning: number }
  readonly checks: readonly Check[]
}

export type Answer =
  | {
      readonly state: 'answered'
      readonly instances: readonly Instance[]
      /** Registrations without the needed shape, one printable sentence each; absent when there are none. */
      readonly unusable?: readonly string[]
    }
  | { readonly state: 'failed'; readonly failure: Failure }

/** Answers by `queryKey`. A query without an entry was never asked. */
export type Catalog = ReadonlyMap<string, CatalogEntry>

export interface CatalogEntry {
  readonly query: ServiceQuery
  readonly answer: Answer
}

/** One string per distinct question; the parts cannot run into each other. */
export function queryKey(query: ServiceQuery): string {
  return keyOf(query)
}

const keyOf = remember((query: ServiceQuery) =>
  JSON.stringify([
    query.service,
    query.datacenter ?? '',
    query.namespace ?? '',
    query.partition ?? '',
    query.filter ?? '',
  ]),
)

/** Worst check wins; maintenance beats critical (so that it can be shown as what it is). */
export function instanceStatus(instance: Instance): CheckStatus {
  const all = new Set(instance.checks.map((c) => c.status))
  const worst = (['maintenance', 'critical', 'warning'] as const).find((status) => all.has(status))
  return worst ?? 'passing'
}
