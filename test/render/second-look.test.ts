/** Templates that do something wrong on purpose: each must be refused whatever the values are. */
import { describe, expect, test } from 'vitest'
import type { Topology } from '../../src/model/topology.ts'
import { fill } from '../../src/render/holes.ts'
import { lookAgain } from '../../src/render/second-look.ts'
import { TemplateTrouble } from '../../src/render/trouble.ts'
import {
  aBackend,
  aFrontend,
  aFullTopology,
  aTopology,
  sectionOf,
  bundleOf,
  TEMPLATES,
  templatesWith,
  troubleOf,
} from './sample.ts'

const HOSTILE = aTopology({
  frontends: [
    aFrontend({
      headers: [{ on: 'request', action: 'set', name: 'X-A', value: '50% $HOME \'a\' "b" # -f' }],
    }),
  ],
})

function template(name: string): string {
  return TEMPLATES.get(`${name}.cfg.njk`) ?? ''
}

/** Codes for a shipped template in which one piece is replaced by another. */
function codesAfter(
  name: string,
  piece: string,
  by: string,
  topology: Topology = HOSTILE,
): string[] {
  expect(template(name)).toContain(piece)
  const changed = template(name).replace(piece, () => by)
  return troubleOf(topology, templatesWith({ [`${name}.cfg.njk`]: changed })).map((d) => d.code)
}

describe('whatever a filter might let through, the second look sees', () => {
  const expected = { header: ['global'], lines: new Map(), mentions: [] }

  /** One line with one hole, filled with a text that stands for a value. */
  function codeFor(value: string, text: string): string {
    const holes = [{ filter: 'word', value, text }]
    const skeleton = { text: 'global\n    a \u00010\u0002 b\n', holes }
    try {
      lookAgain({ skeleton, text: `global\n    a ${text} b\n` }, expected)
      return 'nothing'
    } catch (error) {
      return error instanceof TemplateTrouble ? error.code : String(error)
    }
  }

  test.each([
    ['x', 'x', 'nothing'],
    ['x y', "'x y'", 'nothing'],
    ['x y', 'x y', 'LG6003'],
    ['x', 'y', 'LG6003'],
    ['x', "'y'", 'LG6003'],
    ['x\ny', 'x\ny', 'LG6003'],
    ['x', 'x\n', 'LG6003'],
    ['x#', 'x#', 'LG6003'],
    ['x', 'x #', 'LG6003'],
    ['x', "x'", 'LG6003'],
    ['x', 'x\r', 'LG6003'],
    ['', "''", 'LG6003'],
    ['', '', 'LG6003'],
    ['x', 'x b c', 'LG6003'],
    ['x', 'x b\nserver evil 1.2.3.4:80 #', 'LG6003'],
  ])('%j spelt %j: %s', (value, text, code) => {
    expect(codeFor(value, text)).toBe(code)
  })
})

test('the shipped templates pass', () => {
  expect(troubleOf(HOSTILE)).toEqual([])
  expect(troubleOf(aFullTopology())).toEqual([])
})

describe('a forgotten filter is LG6002, for every value that is printed', () => {
  const names = [...TEMPLATES.keys()].map((name) => name.replace('.cfg.njk', ''))
  const prints = names.flatMap((name) =>
    [...template(name).matchAll(/\{\{ ([\w.]+) \| \w+(\([\w.]+\))? \}\}/g)]
      .map(([print, value]) => ({ name, print, value: value ?? '' }))
      .filter(({ value }) => !value.endsWith('Ms') && !value.endsWith('.ms')),
  )

  test('there are many', () => {
    expect(prints.length).toBeGreaterThan(35)
  })

  test.each(prints)('$name: $print', ({ name, print, value }) => {
    expect(codesAfter(name, print, `{{ ${value} }}`, everything())).toContain('LG6002')
  })
})

/** A topology in which every line of every template is printed. */
function everything(): Topology {
  const full = aFullTopology()
  const tls = {
    certificates: ['/c.pem'],
    crtLists: ['/l.txt'],
    minVersion: 'TLSv1.2',
    alpn: ['h2'],
  }
  const bind = { address: '127.0.0.1', port: 8443, name: 'tls', acceptProxy: true }
  const stats = { uri: '/stats', realm: 'x', userlist: 'admins', showNode: false }
  return {
    ...full,
    global: { ...full.global, chroot: '/var/empty', group: 'nogroup' },
    defaults: full.defaults.map((d) => ({ ...d, errorFiles: [{ status: 503, path: '/e.http' }] })),
    frontends: [
      aFrontend({ ...full.frontends[0], binds: [{ ...bind, tls }] }),
      ...full.frontends.slice(1),
      aFrontend({ name: 'both', stats, redirects: [{ rule: 'a/b/0', status: 301 }] }),
      aFrontend({
        ...withoutRoutes(),
        name: 'plain',
        defaultBackend: 'web',
        binds: [{ address: '127.0.0.1', port: 8090, name: 'x', acceptProxy: false }],
      }),
    ],
  }
}

function withoutRoutes(): Partial<ReturnType<typeof aFrontend>> {
  const { routes: _routes, ...rest } = aFrontend()
  return rest
}

describe('a filter in the wrong place is LG6003', () => {
  const value = '{{ change.value | logformat }}'
  test.each([
    ['strong quotes', `'${value}'`],
    ['weak quotes', `"${value}"`],
    ['a comment', `x # ${value}`],
    ['a backslash before it', `\\${value}`],
    ['the filter for words where a log-format is evaluated', '{{ change.value | word }}'],
  ])('%s', (_, by) => {
    expect(codesAfter('frontend', value, by)).toEqual(['LG6003'])
  })

  test('a value that could be a flag of an ACL', () => {
    const flag = aTopology({
      frontends: [
        aFrontend({
          headers: [{ on: 'request', action: 'set', name: 'X', value: '-f', rule: '-f' }],
        }),
      ],
    })
    expect(codesAfter('frontend', '-m str -- {{', '-m str {{', flag)).toEqual(['LG6003'])
    expect(troubleOf(flag)).toEqual([])
  })

  test('a value that ends a condition', () => {
    const brace = aTopology({
      frontends: [
        aFrontend({
          headers: [{ on: 'request', action: 'set', name: 'X', value: '}', rule: '}' }],
        }),
      ],
    })
    expect(codesAfter('frontend', '{{ rule | pattern }}', '{{ rule | word }}', brace)).toEqual([
      'LG6003',
    ])
    expect(troubleOf(brace).map((d) => d.code)).toEqual(['LG6004'])
  })

  test('an empty word', () => {
    expect(codesAfter('frontend', value, "''")).toEqual(['LG6003'])
  })
})

const ADDED = [
  ['a section', 'backend evil'],
  ['a section in quotes', "'backend' evil"],
  ['a section by escapes', String.raw`\x62ackend evil`],
  ['a macro', '.notice "x"'],
  ['a scope', '[x]'],
  ['a server', '    server evil 10.9.9.9:80'],
  ['an unmatched quote', "    option 'x"],
  ['an environment variable', '    option "${HOME}"'],
  ['a leftover', '    option undefined'],
  ['a printed object', '    log-tag "[object Object]"'],
  ['a built-in ACL', '    acl TRUE path /'],
  ['too many words', `    acl a path ${'x '.repeat(70)}`],
] as const

describe.each(ADDED)('a template with %s added', (_, line) => {
  test('is LG6003', () => {
    expect(codesAfter('backend', '{% for server in', `${line}\n{% for server in`)).toEqual([
      'LG6003',
    ])
  })
})

test.each([
  ['global', 'set-var proc.legate_structure str({{ global.structure | argument }})', ''],
  ['global', '{{ global.structure | argument }}', 'abc'],
  ['global', 'mode 600 level admin', 'mode 666 level admin'],
  ['frontend', 'default_backend legate_unrouted', 'default_backend api'],
  ['frontend', 'default_backend legate_unrouted', ''],
  ['frontend', 'name {{ bind.name | name }}', 'name other'],
  ['frontend', 'map_str({{ maps.hosts | path }})', 'map_str(/etc/other.map)'],
  ['frontend', ' from {{ frontend.defaults | name }}', ''],
  ['backend', 'backend {{ backend.name | name }}', 'backend other'],
  ['backend', 'backend {{ backend.name | name }}', 'listen {{ backend.name | name }}'],
  ['backend', '{{ server_line(server) }}', ''],
  ['server', 'weight {{ server.weight }}', 'weight 1'],
  ['server', 'server.address | address(server.port)', '"10.9.9.9" | address(server.port)'],
  ['unrouted', 'backend legate_unrouted', 'backend unrouted'],
])('%s without %j is LG6003', (name, piece, by) => {
  expect(codesAfter(name, piece, by)).toContain('LG6003')
})

test('a user without the right password hash is LG6003', () => {
  const codes = codesAfter('userlist', '{{ user.passwordHash | word }}', 'x', aFullTopology())
  expect(codes).toEqual(['LG6003'])
})

test('lines of the user are welcome', () => {
  const mine = template('backend').replace(
    '{% for server in',
    '    # ours\n    option http-buffer-request\n    acl slow path -m beg -- /slow\n{% for server in',
  )
  const bundle = bundleOf(HOSTILE, templatesWith({ 'backend.cfg.njk': mine }))
  expect(sectionOf(bundle, 'backend api')).toContain('    option http-buffer-request')
})

test('what is wrong is said with template, line and resource, and without the value', () => {
  const secret = aFullTopology()
  const [found] = troubleOf(
    { ...secret, secrets: ['$5$salt$0123456789abcdef'] },
    templatesWith({
      'userlist.cfg.njk': template('userlist').replace('password {{', "password 'x'{{"),
    }),
  )
  expect(found?.message).toContain('userlist.cfg.njk')
  expect(found?.message).toContain('Userlist/default/admins')
  expect(JSON.stringify(found)).not.toContain('salt')
})

test('a value without a safe spelling is shown, unless it is secret', () => {
  const bidi = aTopology({
    backends: [
      aBackend({
        check: {
          type: 'http',
          intervalMs: 1,
          rise: 1,
          fall: 1,
          http: { method: 'GET', path: '/', host: 'a\u202eb', expectStatus: '200' },
        },
      }),
    ],
  })
  const [found] = troubleOf(bidi)
  expect(found).toMatchObject({ code: 'LG6004', at: { file: 'backend.cfg.njk' } })
  expect(found?.message).toContain('a\\u{202e}b (rendering Backend/default/api)')
  const [hidden] = troubleOf({ ...bidi, secrets: ['a\u202eb'] })
  expect(hidden?.message).not.toContain('202e')
})

test('two sections of one kind and name are refused', () => {
  const codes = troubleOf(aTopology({ backends: [aBackend(), aBackend()] })).map((d) => d.code)
  expect(codes).toEqual(['LG6003'])
})

test('all that is wrong is said at once', () => {
  const templates = templatesWith({ 'backend.cfg.njk': '{{ x }}', 'defaults.cfg.njk': '{{ y }}' })
  expect(troubleOf(HOSTILE, templates).map((d) => d.message)).toEqual([
    expect.stringContaining('defaults.cfg.njk: `y` is unknown'),
    expect.stringContaining('backend.cfg.njk: `x` is unknown'),
  ])
})

test.each([
  ['a\u00010\u0002b', 'avb'],
  ['\u0001\u00010\u0002', '\u0001v'],
  ['\u0002\u00010\u0002', '\u0002v'],
  ['\u00010\u0002\u0001\u0002\u00010\u0002', 'v\u0001\u0002v'],
  ['\u00010x0\u0002', '\u00010x0\u0002'],
  ['\u00011\u0002', '\u00011\u0002'],
])('only a whole mark of a hole is filled: %j', (text, filled) => {
  expect(fill(text, [{ filter: 'word', value: 'v', text: "'v'" }], ({ value }) => value)).toBe(
    filled,
  )
})
