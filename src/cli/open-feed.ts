/** The catalog setting → the feed that the daemon follows. */
import { durationMs } from '../compile/duration.ts'
import type { SentRequest } from '../consul/counted.ts'
import { consulFeed } from '../consul/feed.ts'
import { fileSource } from '../consul/snapshot.ts'
import type { CatalogFeed, Clock } from '../model/feed.ts'
import { polledFeed } from './polled-feed.ts'
import type { SettingsValues } from './settings.ts'
import { consulAccess, snapshotPath } from './wire.ts'

/** A snapshot file is looked at this often. */
const FILE_POLL_MS = 1000

export function openFeed(
  values: SettingsValues,
  clock: Clock,
  onRequest: (request: SentRequest) => void,
): CatalogFeed {
  const path = snapshotPath(values)
  if (path !== undefined) return polledFeed(fileSource(path), clock, FILE_POLL_MS)
  const { wait } = values.consul
  const waitMs = wait === undefined ? {} : { waitMs: durationMs(wait) }
  return consulFeed({ ...consulAccess(values), ...waitMs, onRequest }, clock)
}
