/** Every command and flag with its help text, and argv → what was asked. */
import { parseArgs } from 'node:util'
import { EXIT_MEANINGS } from './exit-codes.ts'

interface Option {
  readonly value?: string
  readonly multiple?: boolean
  readonly short?: string
  readonly help: string
}

export type OptionName =
  | 'config'
  | 'manifests'
  | 'templates'
  | 'files-root'
  | 'catalog'
  | 'state-dir'
  | 'hold'
  | 'haproxy'
  | 'out'
  | 'against'
  | 'wait'
  | 'log-format'
  | 'metrics-textfile'
  | 'once'
  | 'dry-run'
  | 'allow-takeover'
  | 'allow-removal'
  | 'detailed-exitcode'
  | 'fail-on-warnings'
  | 'check'
  | 'file'
  | 'list'
  | 'output'
  | 'format'
  | 'color'
  | 'help'

const OPTIONS: Readonly<Record<OptionName, Option>> = {
  config: {
    value: 'FILE',
    help: 'settings file (default: ./legate.yaml, then /etc/legate/legate.yaml)',
  },
  manifests: { value: 'PATH', multiple: true, help: 'manifest file or folder; repeatable' },
  templates: { value: 'DIR', help: 'templates here replace the shipped ones, file by file' },
  'files-root': {
    value: 'DIR',
    help: 'where relative file references begin; given, the files are looked at',
  },
  catalog: { value: 'SOURCE', help: 'consul, consul://HOST:PORT or file:SNAPSHOT.json' },
  'state-dir': { value: 'DIR', help: 'state folder (default /var/lib/legate)' },
  hold: { value: 'MODE', help: 'how HAProxy is held: master-socket, supervise, command or none' },
  haproxy: { value: 'BIN', help: 'the haproxy program (default: the one on PATH)' },
  out: { value: 'DIR', help: 'with hold mode none: folder for haproxy.cfg and its maps' },
  against: { value: 'WHAT', help: 'compare with: running (default), DIR or git:REV' },
  wait: { value: 'DURATION', help: 'ask again until it is in sync, for this long at the most' },
  'log-format': { value: 'FORMAT', help: 'of the daemon: text or json (default text)' },
  'metrics-textfile': {
    value: 'FILE',
    help: 'with --once: also write the metrics here, for node_exporter (a name that ends in .prom)',
  },
  once: { help: 'one pass, then end; without it the daemon follows git and Consul' },
  'dry-run': { help: 'one pass that changes nothing, and says what it would do' },
  'allow-takeover': {
    help: 'replace a target file that Legate did not write (it is kept as *.before-legate)',
  },
  'allow-removal': { help: 'let more than half of all servers or resources go in one step' },
  'detailed-exitcode': { help: 'exit 2 when there are differences' },
  'fail-on-warnings': { help: 'exit 3 when there are warnings' },
  check: {
    help: 'also ask HAProxy itself (haproxy -c); generated stand-ins take the place of files',
  },
  file: { value: 'NAME', help: 'print this rendered file instead of haproxy.cfg' },
  list: { help: 'list the names of the rendered files' },
  output: { value: 'FILE', short: 'o', help: 'write here instead of to standard output' },
  format: { value: 'FORMAT', help: 'of diagnostics: human, json or github (default human)' },
  color: { value: 'WHEN', help: 'always, never or auto (default auto)' },
  help: { short: 'h', help: 'this text' },
}

const COMMON: readonly OptionName[] = ['config', 'format', 'color', 'help']
const INPUTS: readonly OptionName[] = [
  'manifests',
  'templates',
  'files-root',
  'catalog',
  'state-dir',
]
const HAPROXY: readonly OptionName[] = ['hold', 'haproxy', 'out']

interface Command {
  readonly summary: string
  readonly options: readonly OptionName[]
  readonly positional?: string
}

export type CommandName =
  'validate' | 'render' | 'plan' | 'reconcile' | 'snapshot' | 'settings' | 'stop' | 'status'

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  validate: {
    summary: 'check the manifests; never touches the network',
    options: ['manifests', 'files-root', 'fail-on-warnings', 'check', 'haproxy', 'templates'],
    positional: '[PATH…]',
  },
  render: {
    summary: 'print the HAProxy configuration, secrets masked',
    options: [...INPUTS, 'check', 'haproxy', 'file', 'list', 'output'],
  },
  plan: {
    summary: 'print what would change, which action would follow and why (alias: diff)',
    options: [...INPUTS, ...HAPROXY, 'against', 'check', 'detailed-exitcode'],
  },
  reconcile: {
    summary: 'bring HAProxy to the described state and prove it',
    options: [
      'once',
      'dry-run',
      ...INPUTS,
      ...HAPROXY,
      'allow-takeover',
      'allow-removal',
      'log-format',
      'metrics-textfile',
      'detailed-exitcode',
    ],
  },
  snapshot: {
    summary: 'record exactly the Consul answers that the manifests need',
    options: ['manifests', 'catalog', 'output'],
  },
  settings: {
    summary: 'print every setting with its value and where it comes from, secrets masked',
    options: [...INPUTS, ...HAPROXY],
  },
  stop: {
    summary: 'end the HAProxy that hold mode supervise started',
    options: ['state-dir', 'hold', 'haproxy'],
  },
  status: {
    summary: 'show what the running daemon applied, what it holds, and why (-o json)',
    options: ['wait', 'output', 'detailed-exitcode'],
  },
}

export interface Asked {
  readonly command: CommandName
  readonly flags: ReadonlyMap<OptionName, string | true | readonly string[]>
  readonly positionals: readonly string[]
}

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
      allowPositionals: command === 'validate',
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
