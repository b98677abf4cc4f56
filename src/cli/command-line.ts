/** argv → what was asked, or the help text, or what is wrong with it. */
import { parseArgs } from 'node:util'
import { EXIT_MEANINGS } from './exit-codes.ts'
import type { Asked, CommandName, OptionName } from './options.ts'
import { COMMANDS, COMMON, OPTIONS } from './options.ts'

export type Parsed =
  | { readonly kind: 'run'; readonly asked: Asked }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'usage'; readonly message: string }

export function parseCommandLine(argv: readonly string[]): Parsed {
  const [word, ...rest] = argv
  if (word === undefined) return { kind: 'usage', message: `no command given\n\n${overview()}` }
  if (word === '--help' || word === '-h' || word === 'help')
    return { kind: 'help', text: helpFor(rest[0]) }
  if (word === '--version' || word === 'version') return { kind: 'version' }
  const command = word === 'diff' ? 'plan' : word
  if (!isCommand(command))
    return { kind: 'usage', message: `there is no command "${word}"\n\n${overview()}` }
  return parseFlags(command, rest)
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word)
}

function optionsOf(command: CommandName): OptionName[] {
  return [...new Set([...COMMANDS[command].options, ...COMMON])]
}

function parseFlags(command: CommandName, args: readonly string[]): Parsed {
  const names = optionsOf(command)
  const config = Object.fromEntries(
    names.map((name) => {
      const option = OPTIONS[name]
      const type: 'string' | 'boolean' = option.value === undefined ? 'boolean' : 'string'
      const short = option.short === undefined ? {} : { short: option.short }
      return [name, { type, multiple: option.multiple === true, ...short }]
    }),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: config,
      allowPositionals: COMMANDS[command].positional !== undefined,
      strict: true,
    })
    if (values['help'] === true) return { kind: 'help', text: helpFor(command) }
    const flags = new Map<OptionName, string | true | readonly string[]>()
    for (const name of names) {
      const value = values[name]
      if (typeof value === 'string' || value === true) flags.set(name, value)
      else if (Array.isArray(value)) flags.set(name, value.map(String))
    }
    return { kind: 'run', asked: { command, flags, positionals } }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'usage', message: `${message}\nsee: legate ${command} --help` }
  }
}

function helpFor(word: string | undefined): string {
  const command = word === 'diff' ? 'plan' : word
  if (command === undefined || !isCommand(command)) return overview()
  const { summary, positional } = COMMANDS[command]

  const rows = optionsOf(command).map((name): readonly [string, string] => {
    const option = OPTIONS[name]
    const short = option.short === undefined ? '' : `-${option.short}, `
    return [`${short}--${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help]
  })
  return [
    `legate ${command}${positional === undefined ? '' : ` ${positional}`}: ${summary}`,
    '',
    'Options:',
    ...table(rows),
    '',
    ...exitTable(),
  ].join('\n')
}

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, c]): readonly [string, string] => [
    name,
    c.summary,
  ])
  return [
    'legate: keeps HAProxy in the state that git and Consul together describe',
    '',
    'usage: legate COMMAND [OPTIONS]        (the command `reconcile` is short for `legate reconcile`)',
    '',
    'Commands:',
    ...table(rows),
    '',
    'legate COMMAND --help tells the options; legate --version the version.',
    'Settings: flags, then LEGATE_… and CONSUL_… variables, then legate.yaml, then defaults.',
    '',
    ...exitTable(),
  ].join('\n')
}

function exitTable(): string[] {
  return [
    'Exit codes:',
    ...table(EXIT_MEANINGS.map(([code, text]) => [String(code), text] as const)),
  ]
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
