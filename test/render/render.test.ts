import { describe, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { readTarget } from '../../src/model/target-file.ts'
import type { RouteMaps, Topology } from '../../src/model/topology.ts'
import { render } from '../../src/render/render.ts'
import {
  aBackend,
  aDefaults,
  aFrontend,
  aFullTopology,
  aTopology,
  bundleOf,
  LAYOUT,
  NO_ROUTES,
  TEMPLATES,
  templatesWith,
} from './sample.ts'

test('the file is sealed, ends in a line end, and holds the sections in order', () => {
  const bundle = bundleOf(aFullTopology())
  expect(readTarget(bundle.config)).toBe('ours')
  expect(bundle.config).toMatch(/[^\n]\n$/)
  expect(bundle.config.split('\n').slice(2).join('\n')).toBe(
    `\n${bundle.sections.map((section) => section.text).join('\n')}`,
  )
  expect(bundle.sections.map(({ header, resource }) => [header, resource])).toEqual([
    ['global', 'Global/default/main'],
    ['backend legate_unrouted', undefined],
    ['defaults web', 'Defaults/default/web'],
    ['userlist admins', 'Userlist/default/admins'],
    ['frontend http', 'Frontend/default/http'],
    ['frontend stats', 'Frontend/default/stats'],
    ['backend api', 'Backend/default/api'],
    ['backend team.web', 'Backend/team/web'],
    ['backend web', 'Backend/default/web'],
  ])
})

test('a backend that tries often says so, be it in its own words or in those of its defaults', () => {
  const backends = [aBackend({ name: 'often', retries: 9 }), aBackend({ name: 'usual' })]
  const own = bundleOf(aTopology({ backends }))
  expect([...(own.retries ?? [])]).toEqual([['often', 9]])
  const inherited = bundleOf(aTopology({ defaults: [aDefaults({ retries: 7 })], backends }))
  expect([...(inherited.retries ?? [])]).toEqual([
    ['often', 9],
    ['usual', 7],
  ])
})

test('every section of a resource stands under its mark, and no other comment names one', () => {
  const { config, sections } = bundleOf(aFullTopology())
  const marks = config.split('\n').filter((line) => /^# [A-Z]\w+\//.test(line))
  expect(marks).toEqual(sections.flatMap(({ resource }) => (resource ? [`# ${resource}`] : [])))
})

describe('map files', () => {
  const routes = {
    hosts: [['farmer.io', 'farmer.io']],
    wildcards: [],
    exact: [],
    prefix: [['farmer.io/', 'a/b/0']],
    targets: [['a/b/0/', 'api']],
  } as const
  const bundle = bundleOf(aTopology({ frontends: [aFrontend({ routes })] }))

  test('are named after their content', () => {
    const text = 'farmer.io farmer.io\n'
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
    expect(bundle.files[0]).toEqual({
      name: 'http-hosts.map',
      text,
      path: `${LAYOUT.mapsDir}/http-hosts.${digest}.map`,
    })
    expect(bundle.live.maps.get('http-hosts.map')).toBe(digest)
  })

  test('are all there, empty ones too', () => {
    expect(bundle.files.map(({ name, text }) => [name, text])).toEqual([
      ['http-hosts.map', 'farmer.io farmer.io\n'],
      ['http-wildcards.map', ''],
      ['http-exact.map', ''],
      ['http-prefix.map', 'farmer.io/ a/b/0\n'],
      ['http-targets.map', 'a/b/0/ api\n'],
    ])
  })

  test('with a key that no map file can hold are refused', () => {
    const bad = aFrontend({ routes: { ...routes, exact: [['farmer.io/a b', 'a/b/0']] } })
    const rendering = render(aTopology({ frontends: [bad] }), TEMPLATES, LAYOUT)
    expect(rendering).toMatchObject({ ok: false, diagnostics: [{ code: 'LG6004' }] })
  })
})

function structure(change: Partial<Topology>, templates = TEMPLATES): string {
  return bundleOf(aTopology(change), templates).structure
}

describe('the structure', () => {
  const before = structure({})

  test('is the stamp of the process', () => {
    const bundle = bundleOf(aTopology())
    expect(bundle.structure).toMatch(/^[0-9a-f]{64}$/)
    expect(bundle.config.split(bundle.structure)).toHaveLength(2)
    expect(bundle.sections[0]?.text).toContain(bundle.structure)
  })

  test('stays when servers, routes or comments change', () => {
    const routes: RouteMaps = { ...NO_ROUTES, hosts: [['a', 'a']] }
    expect(structure({ backends: [aBackend({ servers: [] })] })).toBe(before)
    expect(structure({ frontends: [aFrontend({ routes })] })).toBe(before)
    expect(structure({ certificates: new Map([['/c.pem', 'AB']]) })).toBe(before)
    const commented = `# ours\n${TEMPLATES.get('backend.cfg.njk')}\n\n    # more\n`
    expect(structure({}, templatesWith({ 'backend.cfg.njk': commented }))).toBe(before)
    expect(structure({ backends: [aBackend({ resource: 'Backend/default/other' })] })).toBe(before)
  })

  test('changes with anything else', () => {
    const changes: Partial<Topology>[] = [
      { backends: [aBackend({ retries: 1 })] },
      { backends: [aBackend({ name: 'b' })] },
      { backends: [] },
      { frontends: [aFrontend({ catchAll: true })] },
      { defaults: [aDefaults({ retries: 4 })] },
      { fileDigests: new Map([['/503.http', 'ab']]) },
      { global: { ...aTopology().global, maxconn: 5 } },
    ]
    const all = changes.map((change) => structure(change))
    expect(new Set([before, ...all]).size).toBe(changes.length + 1)
  })

  test('does not depend on the order of the file digests', () => {
    const [a, b] = [
      ['/a', '1'],
      ['/b', '2'],
    ] as const
    expect(structure({ fileDigests: new Map([a, b]) })).toBe(
      structure({ fileDigests: new Map([b, a]) }),
    )
  })
})

test('the live state is what the Runtime API can show', () => {
  const { live } = bundleOf(aTopology({ certificates: new Map([['/c.pem', 'AB']]) }))
  expect(live.servers).toMatchObject(new Map([['api', aBackend().servers]]))
  expect(live.certificates).toEqual(new Map([['/c.pem', 'AB']]))
  expect([...live.maps.keys()]).toHaveLength(5)
})

test('same input, same bytes: cold, warm, and after something else', () => {
  const topology = aFullTopology()
  const cold = bundleOf(topology)
  const again = bundleOf(structuredClone(aFullTopology()), new Map(TEMPLATES), { ...LAYOUT })
  bundleOf(aTopology())
  const changed = { ...topology, backends: [aBackend(), ...topology.backends.slice(1)] }
  const warm = bundleOf(changed)
  expect(again).toEqual(cold)
  expect(bundleOf(topology)).toEqual(cold)
  expect(warm).toEqual(bundleOf(structuredClone(changed), new Map(TEMPLATES)))
})

test('sections that did not change are not rendered again', () => {
  const topology = aFullTopology()
  const [first, second] = [bundleOf(topology), bundleOf({ ...topology, backends: [aBackend()] })]
  const textOf = (bundle: typeof first, header: string): unknown =>
    bundle.sections.find((section) => section.header === header)
  expect(textOf(second, 'frontend http')).toBe(textOf(first, 'frontend http'))
  expect(textOf(second, 'backend api')).not.toBe(textOf(first, 'backend api'))
})

test('no topology is changed by rendering it', () => {
  const topology = aFullTopology()
  const copy = structuredClone(topology)
  bundleOf(topology)
  expect(topology).toEqual(copy)
})

test('a frontend that only shows statistics needs neither maps nor the backend of last resort', () => {
  const [, stats] = aFullTopology().frontends
  if (stats === undefined) throw new Error('no stats frontend')
  const userlists = aFullTopology().userlists
  const bundle = bundleOf(aTopology({ frontends: [stats], userlists }))
  expect(bundle.files).toEqual([])
  expect(bundle.sections.map(({ header }) => header)).not.toContain('backend legate_unrouted')
})
