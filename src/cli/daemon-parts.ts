/** What the daemon has besides the world of a single pass. */
import type { Clock, FileWatch } from '../model/feed.ts'
import type { CatalogSource } from '../model/ports.ts'
import type { SettingsValues } from './settings.ts'

export interface DaemonParts {
  readonly values: SettingsValues
  readonly clock: Clock
  readonly catalog: CatalogSource
  readonly watch: FileWatch
  readonly onSaveFailed: (message: string) => void
}
