/** Removes what a Legate that was killed could not remove; for the holder of the lock. */
import { dirname } from 'node:path'
import { sweepOrphans } from '../files/writer.ts'
import type { SettingsValues } from './settings.ts'

export async function sweep({ stateDir, haproxy }: SettingsValues): Promise<void> {
  const { configFile, mapsDir } = haproxy
  const folders = new Set([dirname(configFile), mapsDir ?? dirname(configFile), stateDir])
  await Promise.all([...folders].map(sweepOrphans))
}
