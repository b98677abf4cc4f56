/** What is asked wrongly, what help says, which setting wins, and how a bug looks: the command alone. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts'
import { COMMANDS } from '../../src/cli/options.ts'
import { ROOT, runLegate } from '../tools/site.ts'
import { plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, type SettingsChanges, type Site } from './rig.ts'

function makeQuiet(changes: SettingsChanges = {}): Promise<Site> {
  return makeSite((place) => plainFrontend(place) + staticBackend('app', { one: 9 }), changes)
}

describe('64: wrong usage', () => {
  test.each([
    ['no command', [], 'no command given'],
    ['an unknown command', ['reconsile'], 'there is no command "reconsile"'],
    ['an unknown flag', ['plan', '--agianst', 'x'], "Unknown option '--agianst'"],
    ['a flag without its value', ['plan', '--against'], '--against'],
    ['a word too much', ['render', 'manifests'], 'manifests'],
    [
      'an unknown format',
      ['validate', '--format', 'xml'],
      '--format is one of human, json, github',
    ],
    ['an unknown colour', ['validate', '--color', 'red'], '--color is one of always, never, auto'],
    ['a settings file that is not there', ['validate', '--config', 'no/such.yaml'], 'no/such.yaml'],
    ['no folder with hold mode none', ['reconcile', '--once', '--hold', 'none'], '--out DIR'],
    ['stop for a HAProxy of others', ['stop', '--hold', 'master-socket'], 'hold mode supervise'],
    ['an unknown hold mode', ['plan', '--hold', 'firmly'], '--hold: "firmly" is not one of'],
  ])('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await runLegate(args)

    expect(stderr).toContain(words)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  })

  test.each([
    ['LEGATE_HAPROXY_HOLD', 'firmly'],
    ['LEGATE_HAPROXY_SETTLE', '2 weeks'],
    ['LEGATE_CONSUL_MAX_CONNECTIONS', '0'],
    ['LEGATE_CONSUL_MAX_CONNECTIONS', 'many'],
    ['CONSUL_HTTP_ADDR', 'ftp://127.0.0.1'],
  ])('a setting in the environment: %s=%s is named', async (name, value) => {
    const { code, stdout, stderr } = await runLegate(['settings'], { env: { [name]: value } })

    expect(stderr).toContain(name)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  })

  test('a setting in the file: with its line', async () => {
    const site = await makeQuiet({ lockWiat: '1s' })

    const { code, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(64)
    expect(stderr).toMatch(/legate\.yaml:\d+:\d+/)
    expect(stderr).toContain('did you mean "lockWait"')
  })
})

describe('help', () => {
  test.each(Object.keys(COMMANDS))(
    'of %s names its options and the exit codes',
    async (command) => {
      const { code, stdout, stderr } = await runLegate([command, '--help'])

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain(`legate ${command}`)
      expect(stdout).toContain('--config FILE')
      for (const [number, meaning] of EXIT_MEANINGS)
        expect(stdout).toMatch(new RegExp(`^ +${number} +${meaning.slice(0, 20)}`, 'm'))
    },
  )

  test('names all commands, and the version is that of the package', async () => {
    const { code, stdout } = await runLegate(['--help'])
    expect(code).toBe(0)
    for (const command of Object.keys(COMMANDS)) expect(stdout).toContain(`  ${command} `)
    expect((await runLegate(['--version'])).stdout).toMatch(/^legate \d+\.\d+\.\d+\n$/)
  })

  test('of the command `reconcile` is that of `legate reconcile`', async () => {
    expect((await runShort('--help')).stdout).toBe(
      (await runLegate(['reconcile', '--help'])).stdout,
    )
  })
})

/** The package's second command. */
function runShort(
  ...args: readonly string[]
): Promise<{ readonly code: unknown; readonly stdout: string }> {
  const program = join(ROOT, 'dist/cli/reconcile.js')
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, stdout }),
    )
  })
}

describe('settings', () => {
  test('a flag beats a variable beats the file beats the default, and the origin is told', async () => {
    const site = await makeQuiet({ lockWait: '1s', catalog: 'file:from-file.json' })
    const show = async (
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): Promise<Map<string, string>> => {
      const { code, stdout } = await site.run(['settings', ...args], { env })
      expect(code).toBe(0)
      return new Map(
        stdout.split('\n').map((line) => {
          const [name = '', ...rest] = line.split(/ {2,}/)
          return [name, rest.join(' ')]
        }),
      )
    }
    const config = site.path('legate.yaml')

    const plain = await show([])
    expect(plain.get('catalog')).toBe(`file:from-file.json ${config}`)
    expect(plain.get('lockWait')).toBe(`1s ${config}`)
    expect(plain.get('haproxy.checkTimeout')).toBe('30s default')
    expect(plain.get('stateDir')).toBe(`${site.stateDir} ${config}`)

    const env = { LEGATE_CATALOG: 'file:from-env.json', LEGATE_LOCK_WAIT: '2s' }
    const varied = await show([], env)
    expect(varied.get('catalog')).toBe('file:from-env.json LEGATE_CATALOG')
    expect(varied.get('lockWait')).toBe('2s LEGATE_LOCK_WAIT')

    const flagged = await show(['--catalog', 'file:from-flag.json'], env)
    expect(flagged.get('catalog')).toBe('file:from-flag.json --catalog')
  })

  test("Consul's own variables count, and the token is masked", async () => {
    const { stdout } = await runLegate(['settings'], {
      env: { CONSUL_HTTP_ADDR: 'consul.test:8501', CONSUL_HTTP_TOKEN: 'canary-token' },
    })

    expect(stdout).toMatch(/^consul\.address +http:\/\/consul\.test:8501 +CONSUL_HTTP_ADDR$/m)
    expect(stdout).toMatch(/^consul\.token +<masked> +CONSUL_HTTP_TOKEN$/m)
    expect(stdout).not.toContain('canary')
  })
})

describe.skipIf(haproxy === undefined)('70: a bug', () => {
  test('is told with its trace, changes nothing, and leaves no lock', async () => {
    const site = await makeQuiet()
    const LEGATE_FAILPOINTS = 'in-pass:throw'

    const { code, stdout, stderr } = await site.run(['reconcile', '--once'], {
      env: { NODE_ENV: 'test', LEGATE_FAILPOINTS },
    })

    expect(code).toBe(70)
    expect(stdout).toBe('')
    expect(stderr).toContain('legate: a bug in Legate')
    expect(stderr).toMatch(/^ +at \S*failpoint/m)
    expect(stderr).toContain('please report it')
    expect([...site.files().keys()]).toEqual(['legate.yaml', 'manifests/site.yaml'])

    // Nobody but a test gets one.
    const honest = await site.run(['reconcile', '--once'], { env: { LEGATE_FAILPOINTS } })
    expect(honest).toMatchObject({ code: 0, stderr: '' })
    const short = await runShort('--once', '--config', site.path('legate.yaml'))
    expect(short.code).toBe(0)
    expect(short.stdout).toContain('in sync')
  })
})
