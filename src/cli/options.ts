/** Every command and flag with its help text. */

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
  | 'watch'
  | 'log-format'
  | 'allowed-host'
  | 'metrics-textfile'
  | 'once'
  | 'dry-run'
  | 'detect-only'
  | 'allow-takeover'
  | 'allow-removal'
  | 'allow-suspended'
  | 'reason'
  | 'detailed-exitcode'
  | 'fail-on-warnings'
  | 'check'
  | 'file'
  | 'list'
  | 'output'
  | 'format'
  | 'color'
  | 'help'

export const OPTIONS: Readonly<Record<OptionName, Option>> = {
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
  watch: { help: 'ask again every second until it is ended' },
  'log-format': { value: 'FORMAT', help: 'of the daemon: text or json (default text)' },
  'metrics-textfile': {
    value: 'FILE',
    help: 'with --once: also write the metrics here, for node_exporter (a name that ends in .prom)',
  },
  'allowed-host': {
    value: 'NAME',
    multiple: true,
    help: 'host name by which browsers may ask for the status page; repeatable',
  },
  once: { help: 'one pass, then end; without it the daemon follows git and Consul' },
  'dry-run': { help: 'one pass that changes nothing, and says what it would do' },
  'detect-only': {
    help: 'the daemon applies nothing and reports drift; with --once the same as --dry-run',
  },
  'allow-takeover': {
    help: 'replace a target file that Legate did not write (it is kept as *.before-legate)',
  },
  'allow-removal': { help: 'let more than half of all servers or resources go in one step' },
  'allow-suspended': { help: 'apply although `legate suspend` was said' },
  reason: { value: 'TEXT', help: 'why, for those who wonder later' },
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

export const COMMON: readonly OptionName[] = ['config', 'format', 'color', 'help']
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
  | 'validate'
  | 'render'
  | 'plan'
  | 'reconcile'
  | 'snapshot'
  | 'settings'
  | 'stop'
  | 'suspend'
  | 'resume'
  | 'status'
  | 'explain'

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
      'detect-only',
      ...INPUTS,
      ...HAPROXY,
      'allow-takeover',
      'allow-removal',
      'allow-suspended',
      'log-format',
      'allowed-host',
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
  suspend: {
    summary: 'apply nothing until `resume`; the daemon goes on looking, and says what it would do',
    options: ['reason', 'state-dir'],
  },
  resume: {
    summary: 'end what `suspend` began',
    options: ['state-dir'],
  },
  status: {
    summary: 'show what the running daemon applied, what it holds, and why (-o json)',
    options: ['wait', 'watch', 'output', 'detailed-exitcode'],
  },
  explain: {
    summary: 'tell what a code means, what a field takes, where a URL goes and why (-o json)',
    options: [...INPUTS, 'output'],
    positional: 'CODE|Kind.field|URL',
  },
}

export interface Asked {
  readonly command: CommandName
  readonly flags: ReadonlyMap<OptionName, string | true | readonly string[]>
  readonly positionals: readonly string[]
}
