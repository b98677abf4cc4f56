import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stopSupervised } from '../../src/haproxy/stop.ts'
import { isAlive } from '../../src/haproxy/proc.ts'
import { freePort } from '../tools/free-port.ts'
import { answering, failureOf, fetchWord, haproxy, makeRig } from './rig.ts'

describe.skipIf(haproxy === undefined)('supervise', () => {
  test('starts HAProxy, adopts it in the next run, reloads it, stops it', async () => {
    const rig = await makeRig()
    const port = await freePort()
    const first = rig.bundle({ sections: answering(port, 'one') })

    expect(await rig.apply(first)).toMatchObject({ state: 'applied', action: 'start' })
    expect(await fetchWord(port)).toBe('one')
    const started = await rig.seen()

    const next = rig.with({})
    expect(await next.apply(first)).toEqual({ state: 'applied', action: 'write', tookMs: 0 })
    const second = rig.bundle({ sections: answering(port, 'two') })
    const outcome = await next.apply(second)

    const seen = await rig.seen()
    expect(outcome).toMatchObject({ action: 'reload', workerPid: seen.workerPid })
    expect(seen).toMatchObject({
      masterPid: started.masterPid,
      reloads: 1,
      structure: second.structure,
    })
    expect(await fetchWord(port)).toBe('two')

    const stopped = await stopSupervised(rig.options)
    expect(stopped).toEqual({ ok: true, value: `HAProxy (pid ${seen.masterPid}) has ended` })
    expect(seen.pids.map(isAlive)).not.toContain(true)
    expect(existsSync(rig.options.masterSocket)).toBe(false)
    expect(existsSync(rig.options.statsSocket)).toBe(false)
  })

  test('HAProxy has a session of its own, and an environment without secrets', async () => {
    process.env['CONSUL_HTTP_TOKEN'] = 'hush'
    onTestFinished(() => void delete process.env['CONSUL_HTTP_TOKEN'])
    const rig = await makeRig()
    await rig.apply(rig.bundle({}))

    const { masterPid } = await rig.seen()
    expect(await readFile(`/proc/${masterPid}/environ`, 'utf8')).not.toContain('CONSUL')
    const line = await readFile(`/proc/${masterPid}/stat`, 'utf8')
    const [, , , session] = line.slice(line.lastIndexOf(')') + 2).split(' ')
    expect(Number(session)).toBe(masterPid)
    expect((await stat(rig.options.masterSocket)).mode & 0o777).toBe(0o600)
  })

  test('a session that does not end is cut off when the time is over', async () => {
    const rig = await makeRig({ stopTimeoutMs: 200 })
    const port = await freePort()
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    onTestFinished(() => void silent.close())
    await once(silent, 'listening')
    const address = silent.address()
    if (address === null || typeof address === 'string') throw new Error('not a TCP port')
    const server = { name: 's', address: '127.0.0.1', port: address.port, weight: 1 }
    await rig.apply(
      rig.bundle({
        sections: `frontend web\n  bind 127.0.0.1:${port}\n  default_backend b\nbackend b\n  server s 127.0.0.1:${address.port}\n`,
        servers: { b: [server] },
      }),
    )
    const answer = fetchWord(port)
    const [held]: unknown[] = await once(silent, 'connection')

    const stopped = await stopSupervised(rig.options)

    expect(held).toBeDefined()
    expect(stopped).toMatchObject({ ok: true })
    expect(JSON.stringify(stopped)).toContain('cut off')
    await expect(answer).resolves.toBe('ECONNRESET')
  })

  test('stopping what does not run is no failure, and takes old sockets away', async () => {
    const rig = await makeRig()
    expect(await stopSupervised(rig.options)).toEqual({
      ok: true,
      value: `HAProxy is not running: nothing listens at ${rig.options.masterSocket}`,
    })
  })

  test('a process that is not HAProxy is not ended', async () => {
    const rig = await makeRig()
    const answers: Record<string, string> = {
      'show proc\n': `#<PID> <type>\n${process.pid} master 0 [failed: 0] 0d00h00m01s 2.6.12\n# workers\n# programs\n`,
    }
    const fake = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('data', (chunk) => socket.end(answers[chunk.toString()] ?? ''))
    })
    fake.listen(rig.options.masterSocket)
    onTestFinished(() => void fake.close())
    await once(fake, 'listening')

    const stopped = await stopSupervised(rig.options)

    expect(stopped).toMatchObject({ ok: false, failure: { reason: 'haproxy-unreachable' } })
    expect(JSON.stringify(stopped)).toContain(`${process.pid}`)
  })

  test('a socket path that HAProxy cannot use is refused before anything is written', async () => {
    const rig = await makeRig()
    const long = rig.with({ masterSocket: `${rig.folder}/${'m'.repeat(97)}` })
    const failure = failureOf(await long.apply(rig.bundle({})))
    expect(failure.message).toContain('HAProxy can use 97')
    expect(existsSync(rig.options.configFile)).toBe(false)
  })

  test('the longest usable socket path works', async () => {
    const rig = await makeRig()
    const masterSocket = `${rig.folder}/`.padEnd(97, 'm')
    const long = rig.with({ masterSocket })
    onTestFinished(async () => void (await stopSupervised({ ...long.options, stopTimeoutMs: 0 })))
    expect(await long.apply(rig.bundle({}))).toMatchObject({ state: 'applied', action: 'start' })
  })

  test('a program that is not there is a failure, and the refused file does not stay', async () => {
    const rig = await makeRig({ binary: '/nowhere/haproxy' })
    const failure = failureOf(await rig.apply(rig.bundle({})))
    expect(failure).toMatchObject({ reason: 'haproxy-down', rolledBack: false })
    expect(failure.message).toContain('/nowhere/haproxy cannot be run (ENOENT)')
    expect(existsSync(rig.options.configFile)).toBe(false)
    expect(existsSync(`${rig.options.stateDir}/haproxy.cfg.rejected`)).toBe(true)
  })
})
