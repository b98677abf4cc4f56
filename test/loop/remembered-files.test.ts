/** Manifests and templates as the daemon remembers them: read when something changed, and always of one moment. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { rememberedFiles } from '../../src/cli/remembered-files.ts'
import type { SettingsValues } from '../../src/cli/settings.ts'
import { readTemplates } from '../../src/files/templates.ts'
import type { Result } from '../../src/model/failure.ts'
import type { Templates } from '../../src/model/snapshot.ts'
import { realClock } from '../fakes/clock.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'

interface Rig {
  readonly files: ReturnType<typeof rememberedFiles>
  /** How often templates were read. */
  readonly reads: () => number
  write(name: string, text: string): void
  path(name: string): string
  /** The text of the manifest and of the template, as one pass gets them. */
  pass(): Promise<(string | undefined)[]>
}

/** `afterTemplates` is called when templates have been read, with how often. */
function makeRig(afterTemplates: (rig: Rig, reads: number) => void = () => {}): Rig {
  const folder = mkdtempSync(join(tmpdir(), 'legate-remembered-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['shipped', 'manifests', 'templates']) mkdirSync(join(folder, name))
  const templates = join(folder, 'templates')
  let reads = 0
  const base = {
    ...fakeWorld(''),
    readTemplates: async (): Promise<Result<Templates>> => {
      const read = await readTemplates(join(folder, 'shipped'), templates)
      reads += 1
      afterTemplates(rig, reads)
      return read
    },
  }
  const values = { manifests: [join(folder, 'manifests')], templates, consul: { tls: {} } }
  const files = rememberedFiles(base, {
    values: values as unknown as SettingsValues,
    clock: realClock(),
    watch: { onChange: () => {}, follow: () => {}, close: () => Promise.resolve() },
  })
  const rig: Rig = {
    files,
    reads: () => reads,
    path: (name) => join(folder, name),
    write: (name, text) => writeFileSync(join(folder, name), text),
    pass: async () => {
      const { readSources, readTemplates: readAll } = files.world
      const [sources, all] = await Promise.all([readSources(), readAll()])
      return [
        sources.ok ? sources.value.sources[0]?.text : 'failed',
        all.ok ? all.value.get('a.njk') : 'failed',
      ]
    },
  }
  checkout(rig, 'old')
  return rig
}

/** As `git checkout` does: one file after the other. */
function checkout(rig: Rig, text: string): void {
  rig.write('manifests/a.yaml', text)
  rig.write('templates/a.njk', text)
}

test('read once until they are forgotten', async () => {
  const rig = makeRig()
  expect(await rig.pass()).toEqual(['old', 'old'])
  expect(await rig.pass()).toEqual(['old', 'old'])
  expect(rig.reads()).toBe(1)
  checkout(rig, 'new')
  rig.files.forget()
  expect(await rig.pass()).toEqual(['new', 'new'])
  expect(rig.reads()).toBe(2)
})

test('everything is read again where all is forgotten', async () => {
  const rig = makeRig()
  await rig.pass()
  rig.files.forgetAll()
  await rig.pass()
  expect(rig.reads()).toBe(2)
})

test('a checkout while they are read: never the manifests of one revision and the templates of another', async () => {
  const rig = makeRig((made, reads) => {
    if (reads === 1) checkout(made, 'new')
  })
  expect(await rig.pass()).toEqual(['new', 'new'])
})

test('what is the same stays the same object, whatever else changed', async () => {
  const rig = makeRig()
  const { readSources, readTemplates: readAll } = rig.files.world
  const [sources, templates] = [await readSources(), await readAll()]
  rig.files.forget()
  expect(await readSources()).toBe(sources)
  expect(await readAll()).toBe(templates)
  rig.write('templates/a.njk', 'new')
  rig.files.forget()
  expect(await readSources()).toBe(sources)
  expect(await readAll()).not.toBe(templates)
})

test('what is wrong beside files that did not change is told, and that it was mended', async () => {
  const rig = makeRig()
  const found = async (): Promise<number> => {
    rig.files.forget()
    const sources = await rig.files.world.readSources()
    return sources.ok ? sources.value.diagnostics.length : -1
  }
  expect(await found()).toBe(0)
  symlinkSync('nowhere', rig.path('manifests/b.yaml'))
  expect(await found()).toBe(1)
  rmSync(rig.path('manifests/b.yaml'))
  expect(await found()).toBe(0)
})

test('what cannot be read is read again by every pass', async () => {
  const rig = makeRig()
  rmSync(rig.path('templates'), { recursive: true })
  expect(await rig.pass()).toEqual(['old', 'failed'])
  mkdirSync(rig.path('templates'))
  checkout(rig, 'new')
  expect(await rig.pass()).toEqual(['new', 'new'])
})
