import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { CheckOptions } from '../../src/haproxy/check.ts'
import { checkConfig } from '../../src/haproxy/check.ts'
import { runProgram } from '../../src/haproxy/run-program.ts'
import { tempFolder } from '../files/temp-folder.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { makeCertificate } from './certificate.ts'
import { TIMEOUTS } from './start-haproxy.ts'

const haproxy = await findHaproxy({ fetch: true })
const isRoot = process.geteuid?.() === 0

async function options(more: Partial<CheckOptions> = {}): Promise<CheckOptions> {
  const stagingDir = join(await tempFolder(), 'staging')
  return { binary: haproxy ?? '', stagingDir, timeoutMs: 15_000, checkUser: 'Drop', ...more }
}

function site(frontend: string, global = ''): string {
  return `global
  ${global}
defaults
  mode http
  ${TIMEOUTS}
frontend f
  bind unix@/nonexistent/f.sock
  ${frontend}
`
}

describe.skipIf(haproxy === undefined)('a real HAProxy', () => {
  test('accepted, without a word, and nothing is left behind', async () => {
    const o = await options()
    expect(await checkConfig(o, site('default_backend b\nbackend b'))).toEqual({
      state: 'accepted',
      messages: [],
    })
    expect(await readdir(o.stagingDir)).toEqual([])
  })

  test('refused: every error with its line', async () => {
    const o = await options()
    const outcome = await checkConfig(o, site('bogus one\n  http-request set-header a %[nope]'))
    expect(outcome).toEqual({
      state: 'rejected',
      messages: [
        { severity: 'error', line: 10, text: "unknown keyword 'bogus' in 'frontend' section" },
        { severity: 'error', line: 11, text: expect.stringContaining("fetch method 'nope'") },
      ],
    })
    expect(JSON.stringify(outcome)).not.toContain('staging')
    expect(await readdir(o.stagingDir)).toEqual([])
  })

  test('refused without an error: no listener', async () => {
    expect(await checkConfig(await options(), 'backend b\n')).toEqual({
      state: 'rejected',
      messages: [{ severity: 'error', text: expect.stringContaining('no listener') }],
    })
  })

  test('a warning alone is accepted and told', async () => {
    const text = site('use_backend b if TRUE\n  http-request deny\nbackend b')
    expect(await checkConfig(await options(), text)).toEqual({
      state: 'accepted',
      messages: [{ severity: 'warning', line: 11, text: expect.stringContaining('http-request') }],
    })
  })

  test('a secret that HAProxy quotes is hidden', async () => {
    const text = site("http-request deny 'no$ecret")
    const secrets = ['no$ecret']
    const shown = JSON.stringify(await checkConfig(await options({ secrets }), text))
    expect(shown).toContain('unmatched quote')
    expect(shown).not.toContain('no$ecret')
    expect(JSON.stringify(await checkConfig(await options(), text))).toContain('no$ecret')
  })

  test('the environment is empty', async () => {
    const text = `.if defined(LEGATE_CANARY)\n.alert seen\n.endif\n${site('')}`
    vi.stubEnv('LEGATE_CANARY', 'x')
    try {
      expect(await checkConfig(await options(), text)).toMatchObject({ state: 'accepted' })
    } finally {
      vi.unstubAllEnvs()
    }
    // The same text does notice the variable where there is one.
    const file = join(await tempFolder(), 'c.cfg')
    await writeFile(file, text)
    const env = { LEGATE_CANARY: 'x' }
    const end = await runProgram(haproxy ?? '', ['-c', '-f', file], { timeoutMs: 15_000, env })
    expect(end).toMatchObject({ state: 'ended', exitCode: 1 })
  })
})

/** A configuration that HAProxy refuses, after its Lua has tried to write a marker into a folder of root's. */
async function attack(): Promise<{ text: string; marker: string }> {
  const folder = join(await tempFolder(), 'private')
  await mkdir(folder, { mode: 0o700 })
  const [script, marker] = [join(folder, 'attack.lua'), join(folder, 'marker')]
  await writeFile(script, `io.open('${marker}', 'w'):write('x'):close()`, { mode: 0o600 })
  return { text: site('bogus', `lua-load ${script}`), marker }
}

describe.skipIf(haproxy === undefined || !isRoot)('as root', () => {
  test('Lua of a refused configuration runs, and cannot write', async () => {
    const { text, marker } = await attack()
    expect(await checkConfig(await options(), text)).toMatchObject({ state: 'rejected' })
    await expect(readFile(marker)).rejects.toThrow('ENOENT')
  })

  test('checkUser Keep: it can, which is why the other is the default', async () => {
    const { text, marker } = await attack()
    const outcome = await checkConfig(await options({ checkUser: 'Keep' }), text)
    expect(outcome).toMatchObject({ state: 'rejected' })
    expect(await readFile(marker, 'utf8')).toBe('x')
  })

  test('a private key that only root can read is read', async () => {
    const folder = join(await tempFolder(), 'private')
    await mkdir(folder, { mode: 0o700 })
    const pem = join(folder, 'site.pem')
    await writeFile(pem, (await makeCertificate('farmer.io')).pem, { mode: 0o600 })
    const text = site(`bind unix@/nonexistent/s.sock ssl crt ${pem}`)
    expect(await checkConfig(await options(), text)).toEqual({ state: 'accepted', messages: [] })
  })

  test('without setpriv: checked with its rights, which is told', async () => {
    const o = await options({ setpriv: '/nonexistent/setpriv' })
    expect(await checkConfig(o, site(''))).toEqual({
      state: 'accepted',
      messages: [
        { severity: 'warning', text: expect.stringMatching(/root's rights.*setpriv is missing/) },
      ],
    })
  })
})

async function fakeHaproxy(text: string): Promise<string> {
  const path = join(await tempFolder(), 'haproxy')
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

test('a check that hangs is ended at its deadline', async () => {
  const binary = await fakeHaproxy('exec /bin/sleep 60')
  const o = await options({ binary, timeoutMs: 300, checkUser: 'Keep' })
  expect(await checkConfig(o, '')).toMatchObject({
    state: 'not-run',
    result: { failure: { reason: 'timeout', transient: true } },
  })
  expect(await readdir(o.stagingDir)).toEqual([])
})

test('an interrupted check', async () => {
  const binary = await fakeHaproxy('exec /bin/sleep 60')
  const o = await options({ binary, checkUser: 'Keep' })
  expect(await checkConfig(o, '', AbortSignal.timeout(300))).toMatchObject({
    state: 'not-run',
    result: { failure: { reason: 'interrupted' } },
  })
})

test('HAProxy is missing', async () => {
  const o = await options({ binary: '/nonexistent/haproxy' })
  expect(await checkConfig(o, '')).toMatchObject({
    state: 'not-run',
    result: {
      failure: { reason: 'haproxy-missing', hint: expect.stringContaining('HAPROXY_BIN') },
    },
  })
})

test('HAProxy crashes on the text: rejected', async () => {
  const binary = await fakeHaproxy('kill -SEGV $$')
  expect(await checkConfig(await options({ binary, checkUser: 'Keep' }), '')).toEqual({
    state: 'rejected',
    messages: [{ severity: 'error', text: 'haproxy -c ended by SIGSEGV and gave no reason' }],
  })
})

test('the state folder cannot be written', async () => {
  const binary = await fakeHaproxy('exit 0')
  const file = join(await tempFolder(), 'a-file')
  await writeFile(file, '')
  expect(
    await checkConfig(await options({ binary, stagingDir: join(file, 's') }), ''),
  ).toMatchObject({
    state: 'not-run',
    result: { failure: { reason: 'write-failed' } },
  })
})

test('candidates of a Legate that was killed are removed, those of one that lives are not', async () => {
  const binary = await fakeHaproxy('exit 0')
  const o = await options({ binary, checkUser: 'Keep' })
  await mkdir(o.stagingDir)
  // Above the kernel's highest pid.
  const [dead, alive, other] = ['check-4194999-ab.cfg', `check-${process.ppid}-ab.cfg`, 'notes']
  await Promise.all([dead, alive, other].map((name) => writeFile(join(o.stagingDir, name), '')))
  expect(await checkConfig(o, '')).toEqual({ state: 'accepted', messages: [] })
  expect((await readdir(o.stagingDir)).toSorted()).toEqual([alive, other].toSorted())
})
