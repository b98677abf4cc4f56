/** The catalog setting → the feed that the daemon follows. */
import type { CatalogFeed, Clock } from '../model/feed.ts'
import { polledFeed } from './polled-feed.ts'
import type { SettingsValues } from './settings.ts'
import { catalogSource } from './wire.ts'

/** A snapshot file is looked at this often. */
const FILE_POLL_MS = 1000

export async function openFeed(values: SettingsValues, clock: Clock): Promise<CatalogFeed> {
  const source = await catalogSource(values)
  if (source === undefined) throw new Error('a daemon follows something')
  return polledFeed(source, clock, FILE_POLL_MS)
}
