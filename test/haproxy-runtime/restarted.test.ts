/**
 * HAProxy is started anew by hand at each step of a change at run time: what was done is lost, what was not
 * is never done by halves, and the next tries bring the new process and the file to where they should be.
 */
import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createWriter } from '../../src/files/writer.ts'
import { createHold } from '../../src/haproxy/hold.ts'
import { SYSTEM_CLOCK, type Clock } from '../../src/haproxy/options.ts'
import { isAlive } from '../../src/haproxy/proc.ts'
import type { Bundle, WantedServer } from '../../src/model/bundle.ts'
import type { ApplyOutcome, Hold } from '../../src/model/ports.ts'
import { sealConfig } from '../../src/model/target-file.ts'
import { plan } from '../../src/plan/plan.ts'
import { answering, fetchWord, makeRig, type Rig } from '../haproxy-apply/rig.ts'
import { freePort } from '../tools/free-port.ts'
import { makeCertificate } from '../haproxy/certificate.ts'
import { makeBetween, type Between } from '../haproxy/socket-between.ts'
import { RULES } from '../plan/rules.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { MODES } from './rig.ts'

const haproxys = await findHaproxys()
const [old, fresh] = [await makeCertificate('old.io'), await makeCertificate('new.io')]
/** 2.6 in every way it is held, the later ones in the way they should be. */
const cases = haproxys.flatMap((each, index) =>
  (index === 0 ? MODES : MODES.slice(0, 1)).map((mode) => ({ ...each, mode })),
)

interface Wish {
  readonly word: string
  readonly servers: readonly WantedServer[]
  readonly fingerprint: string
}

function server(name: string, weight: number): WantedServer {
  const id = String(name.charCodeAt(0))
  return {
    name,
    address: '127.0.0.1',
    port: 9,
    weight,
    words: ['weight', String(weight), 'id', id],
  }
}

const BEFORE: Wish = {
  word: 'one',
  servers: [server('a', 10), server('b', 10)],
  fingerprint: old.fingerprint,
}
const AFTER: Wish = {
  word: 'two',
  servers: [server('a', 20), server('c', 30)],
  fingerprint: fresh.fingerprint,
}

/** Of one structure, whatever is wished. */
function bundleOf(rig: Rig, port: number, { word, servers, fingerprint }: Wish): Bundle {
  const path = `${rig.folder}/cert.pem`
  const lines = servers.map((s) => `  server ${s.name} 127.0.0.1:${s.port} ${s.words.join(' ')}\n`)
  const sections = `${answering(port, '').replace(/string $/m, 'lf-string %[path,map(MAP(web-exact.map))]')}frontend tls
  bind unix@${rig.folder}/tls.sock ssl crt ${path}
backend api
${lines.join('')}`
  const maps = { 'web-exact.map': `/ ${word}\n` }
  const sketched = rig.bundle({ sections, maps, servers: { api: servers } })
  const structure = 'f'.repeat(64)
  const body = sketched.config.split('\n').slice(2).join('\n')
  const config = sealConfig([body.replaceAll(sketched.structure, structure)])
  const live = {
    ...sketched.live,
    servers: new Map([['api', servers]]),
    certificates: new Map([[path, fingerprint]]),
  }
  return { ...sketched, config, structure, live }
}

/** As an init script would that does not wait for anything to end well. */
async function restartByHand(rig: Rig, between: Between): Promise<void> {
  const { pids } = await rig.seen()
  between.close()
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  while (pids.map(isAlive).includes(true));
  const { binary, masterSocket, configFile } = rig.options
  const args = ['-W', '-S', `${masterSocket},mode,600`, '-f', configFile]
  spawn(binary, args, { stdio: 'ignore', detached: true, env: {} }).unref()
  await expect
    .poll(
      () =>
        rig.seen().then(
          (s) => s.workerPid,
          () => undefined,
        ),
      { timeout: 10_000, interval: 20 },
    )
    .toBeGreaterThan(0)
  await between.open()
}

/** What changes something: not the prompt, not a question, not a text that belongs to a command. */
const CHANGES = /^(?:@!?\d+ )?((?:add|set|enable|disable|del|shutdown|prepare|commit) .*)$/

/** What leaves rests for seconds before it is deleted: they go by a hundred times as fast. */
const HURRIED: Clock = { ...SYSTEM_CLOCK, now: () => performance.now() * 100 }

/** As the passes of a daemon do, until there is nothing left to do, or one fails: that one. */
async function applyUntilInSync(hold: Hold, bundle: Bundle): Promise<ApplyOutcome | undefined> {
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    const actual = await hold.observe(bundle)
    const planned = plan(bundle, actual, RULES)
    if (planned.action === 'in-sync' && planned.waiting === undefined) return undefined
    expect(planned.action).toMatch(/^(runtime|write|in-sync)$/)
    // What leaves is given a moment before it is deleted.
    if (planned.action === 'in-sync') await pause(20)
    const outcome = await hold.apply(bundle, planned, actual)
    if (outcome.state === 'failed') return outcome
    if (outcome.action === 'runtime')
      await hold.apply(bundle, { action: 'write', reasons: [] }, outcome.actual ?? actual)
  }
  throw new Error('it does not come to an end')
}

/** Of the whole change, in order; those that are sent together are told apart by the one that is met. */
const STEPS = [
  'set ssl cert /cert.pem <<',
  'commit ssl cert /cert.pem',
  'set server api/a weight 20',
  'add server api/c 127.0.0.1:9 weight 30 id 99 pool-purge-delay 5s pool-max-conn -1 weight 0',
  'set server api/c state ready',
  'set server api/c weight 30',
  'set server api/b weight 0',
  'set server api/b state drain',
  'prepare map /maps/web-exact.map',
  'add map @N /maps/web-exact.map <<',
  'commit map @N /maps/web-exact.map',
  'set server api/b weight 0',
  'set server api/b state drain',
  'set server api/b state maint',
  'disable health api/b',
  'del server api/b',
]

describe.each(cases)('HAProxy $branch, $mode', ({ binary, mode }) => {
  test('started anew at each step: none is done by halves, and all of it is there in the end', async () => {
    const rig = await makeRig({ binary })
    const { masterSocket, statsSocket, configFile } = rig.options
    const port = await freePort()
    const certificate = `${rig.folder}/cert.pem`
    const path = `${rig.folder}/between.sock`
    const between = await makeBetween(path, mode === 'command' ? statsSocket : masterSocket)
    const way = mode === 'command' ? { statsSocket: path } : { masterSocket: path }
    const hold = createHold(rig.with({ mode, ...way }).options, createWriter(), HURRIED)
    const [before, after] = [bundleOf(rig, port, BEFORE), bundleOf(rig, port, AFTER)]
    await writeFile(certificate, old.pem)
    await rig.apply(before)

    const met: string[] = []
    let restarted = Promise.resolve()
    const meetAt = (step: number): void => {
      let count = 0
      between.meet = (line) => {
        const [, command] = CHANGES.exec(line) ?? []
        if (command === undefined || ++count !== step) return 'pass'
        met.push(
          command
            .replaceAll(rig.folder, '')
            .replace(/@\d+/, '@N')
            .replace(/\.[0-9a-f]{16}/, ''),
        )
        restarted = restartByHand(rig, between)
        return 'hang'
      }
    }
    for (let step = 1; ; step += 1) {
      meetAt(step)
      await writeFile(certificate, fresh.pem)
      const outcome = await applyUntilInSync(hold, after)
      if (met.length < step) break
      expect(outcome, met.at(-1)).toMatchObject({ result: { failure: { transient: true } } })
      await restarted
      // The file is written when the process has everything; only what leaves goes later.
      const isWritten = step > STEPS.indexOf('commit map @N /maps/web-exact.map') + 1
      const [config, word] = isWritten ? [after.config, 'two'] : [before.config, 'one']
      expect(await readFile(configFile, 'utf8'), met.at(-1)).toBe(config)
      expect(await fetchWord(port)).toBe(word)
      expect(await applyUntilInSync(hold, after)).toBeUndefined()
      expect(await fetchWord(port)).toBe('two')
      expect(await readFile(configFile, 'utf8')).toBe(after.config)
      expect((await rig.seen()).reloads).toBe(0)
      await writeFile(certificate, old.pem)
      expect(await applyUntilInSync(hold, before)).toBeUndefined()
    }
    expect(met).toEqual(STEPS)
  })
})
