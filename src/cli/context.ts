/** What every command gets: what was asked, the settings, and where to write. */
import type { Schemas } from '../manifest/manifest.ts'
import type { Asked, OptionName } from './options.ts'
import type { ResolvedSettings } from './settings.ts'

export type Format = 'human' | 'json' | 'github'

export interface Console {
  /** Results: standard output. */
  out(text: string): void
  /** Diagnostics and notes: standard error. */
  err(text: string): void
  readonly format: Format
  /** Whether standard error takes colour. */
  readonly color: boolean
}

export interface Context {
  readonly asked: Asked
  readonly settings: ResolvedSettings
  readonly schemas: Schemas
  readonly console: Console
}

export function flag(context: Pick<Context, 'asked'>, name: OptionName): string | undefined {
  const value = context.asked.flags.get(name)
  return typeof value === 'string' ? value : undefined
}

export function isSet(context: Pick<Context, 'asked'>, name: OptionName): boolean {
  return context.asked.flags.get(name) === true
}
