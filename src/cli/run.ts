/** argv → a command → an exit code. The only place that catches a bug. */
import { existsSync, readFileSync } from 'node:fs'
import { consulEnvironmentWarnings } from '../consul/settings.ts'
import { readSchemas, readVersion } from '../files/schemas.ts'
import { printable } from '../model/failure.ts'
import type { SourceFile } from '../model/resource.ts'
import { wantsColor } from '../report/color.ts'
import { parseCommandLine } from './command-line.ts'
import type { Console, Context, Format } from './context.ts'
import { EXIT } from './exit-codes.ts'
import type { Asked, CommandName } from './options.ts'
import { resolveSettings } from './settings.ts'

type Command = (context: Context) => Promise<number>

/** Loaded when asked for: `validate` pays for nothing that only `reconcile` needs. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  validate: async () => (await import('./commands/validate.ts')).validate,
  render: async () => (await import('./commands/render.ts')).renderCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcile,
  snapshot: async () => (await import('./commands/snapshot.ts')).snapshot,
  settings: async () => (await import('./commands/settings.ts')).showSettings,
  stop: async () => (await import('./commands/stop.ts')).stop,
  suspend: async () => (await import('./commands/suspend.ts')).suspend,
  resume: async () => (await import('./commands/suspend.ts')).resume,
  status: async () => (await import('./commands/status.ts')).status,
  explain: async () => (await import('./commands/explain.ts')).explain,
}

export async function run(argv: readonly string[]): Promise<number> {
  endQuietlyOnClosedPipe()
  try {
    const parsed = parseCommandLine(argv)
    if (parsed.kind === 'help') return say(parsed.text)
    if (parsed.kind === 'version') return say(`legate ${readVersion()}`)
    if (parsed.kind === 'usage') return refuseUsage(parsed.message)
    return await runCommand(parsed.asked)
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(
      `legate: a bug in Legate; nothing was changed after this point\n${stack}\n` +
        'please report it with these lines and the command\n',
    )
    return EXIT.bug
  }
}

async function runCommand(asked: Asked): Promise<number> {
  const console = consoleFor(asked)
  if (typeof console === 'string') return refuseUsage(console)
  const schemas = readSchemas()
  const file = settingsFile(asked)
  if (typeof file === 'string') return refuseUsage(file)
  const resolved = resolveSettings({ file, env: process.env, asked, schemas, cwd: process.cwd() })
  if (!resolved.ok) {
    const { printDiagnostics } = await import('../report/diagnostics.ts')
    const sources = new Map(file === undefined ? [] : [[file.path, file.text]])
    console.err(printDiagnostics(resolved.diagnostics, sources, console.format, console.color))
    return EXIT.usage
  }
  for (const { message, hint } of consulEnvironmentWarnings(process.env))
    console.err(`note: ${message}; ${hint}\n`)
  const command = await COMMANDS[asked.command]()
  return command({ asked, settings: resolved.settings, schemas, console })
}

const FORMATS: readonly Format[] = ['human', 'json', 'github']
const WHENS: readonly string[] = ['always', 'never', 'auto']

function consoleFor(asked: Asked): Console | string {
  const wanted = asked.flags.get('format') ?? 'human'
  const format = FORMATS.find((name) => name === wanted)
  if (format === undefined) return `--format is one of ${FORMATS.join(', ')}`
  const when = asked.flags.get('color') ?? 'auto'
  if (typeof when !== 'string' || !WHENS.includes(when))
    return `--color is one of ${WHENS.join(', ')}`
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    format,
    color: wantsColor(when, process.env, process.stderr.isTTY),
  }
}

const CONFIG_FILES: readonly string[] = ['legate.yaml', '/etc/legate/legate.yaml']

/** A message where a file that was named cannot be read; undefined where none is there by default. */
function settingsFile(asked: Asked): SourceFile | string | undefined {
  const named = asked.flags.get('config') ?? process.env['LEGATE_CONFIG']
  const path = typeof named === 'string' && named !== '' ? named : CONFIG_FILES.find(existsSync)
  if (path === undefined) return undefined
  try {
    return { path, text: readFileSync(path, 'utf8') }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `the settings file ${printable(path)} cannot be read: ${printable(why)}`
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return EXIT.ok
}

function refuseUsage(message: string): number {
  process.stderr.write(`legate: ${message}\n`)
  return EXIT.usage
}

/** `legate render | head` is no error. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
}
