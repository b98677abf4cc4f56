import { spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createWriter } from '../../src/files/writer.ts'
import type { Seen } from '../../src/haproxy/look.ts'
import { openSession } from '../../src/haproxy/session.ts'
import { createReadAgain } from '../../src/haproxy/read-again.ts'
import { LiveMemory } from '../../src/haproxy/live-memory.ts'
import { selectLines } from '../../src/haproxy/own-words.ts'
import { judge, prove, type Verdict } from '../../src/haproxy/prove.ts'
import { tempFolder } from '../files/temp-folder.ts'
import { holdOptionsFor } from '../tools/hold-options.ts'

const BEFORE: Seen = {
  masterPid: 10,
  reloads: 4,
  failedReloads: 0,
  workerPid: 11,
  structure: 'old',
  stopping: false,
  pids: [10, 11],
}
const AFTER: Seen = { ...BEFORE, reloads: 5, workerPid: 12, structure: 'new', pids: [10, 12, 11] }
/** What a worker's own socket tells. */
const alone = (seen: Seen): Seen => ({ ...seen, masterPid: 0, reloads: 0 })

test.each<[string, Seen, Seen | undefined, Verdict['state']]>([
  ['a new worker with the stamp', AFTER, BEFORE, 'good'],
  ['not begun', { ...AFTER, reloads: 4 }, BEFORE, 'wait'],
  ['not begun, and the reload before had failed', { ...BEFORE, failedReloads: 1 }, BEFORE, 'wait'],
  ['failed', { ...AFTER, failedReloads: 1, workerPid: 11, structure: 'old' }, BEFORE, 'bad'],
  ['the same worker still', { ...AFTER, workerPid: 11 }, BEFORE, 'wait'],
  ['no worker yet', { ...AFTER, workerPid: undefined, structure: undefined }, BEFORE, 'wait'],
  ['a worker that leaves', { ...AFTER, stopping: true }, BEFORE, 'wait'],
  ['another stamp', { ...AFTER, structure: 'other' }, BEFORE, 'bad'],
  ['no stamp', { ...AFTER, structure: undefined }, BEFORE, 'bad'],
  ['started', { ...AFTER, reloads: 0 }, undefined, 'good'],
  ['started, no worker yet', { ...AFTER, workerPid: undefined }, undefined, 'wait'],
  ['started anew by somebody', { ...AFTER, masterPid: 20, reloads: 0 }, BEFORE, 'good'],
  [
    'started anew by somebody, otherwise',
    { ...AFTER, masterPid: 20, structure: 'old' },
    BEFORE,
    'bad',
  ],
  ['worker only, new', alone(AFTER), alone(BEFORE), 'good'],
  ['worker only, the same', { ...alone(AFTER), workerPid: 11 }, alone(BEFORE), 'wait'],
])('%s', (_, seen, before, state) => {
  expect(judge(seen, { structure: 'new', before }).state).toBe(state)
})

test('a configuration without a stamp is proven by a worker without one', () => {
  const expected = { structure: undefined, before: BEFORE }
  expect(judge({ ...AFTER, structure: undefined }, expected).state).toBe('good')
  expect(judge(AFTER, expected).state).toBe('bad')
})

test('a master that dies right after it has answered is dead, and not out of sight', async () => {
  const folder = await tempFolder()
  const masterPid = spawnSync(process.execPath, ['-e', '0']).pid
  const server = createServer((socket) => {
    socket.end(`${masterPid} master 5 [failed: 0] 0d00h00m06s 2.6.12\n# workers\n# old workers\n`)
    server.close()
  })
  await new Promise<void>((done) => {
    server.listen(`${folder}/master.sock`, done)
  })
  let nowMs = 0
  const clock = {
    now: () => nowMs,
    sleep: (ms: number) => {
      nowMs += ms
      return Promise.resolve()
    },
  }
  const memory = new LiveMemory(clock.now)
  const tools = {
    options: holdOptionsFor(folder),
    writer: createWriter(),
    clock,
    memory,
    files: createReadAgain(),
    openSession,
  }
  const before = { ...BEFORE, masterPid }

  const proof = await prove(tools, { structure: 'new', before, masterPid }, 60_000)

  expect(proof).toEqual({ state: 'died', why: 'HAProxy has ended' })
  expect(nowMs).toBeLessThan(1000)
})

test('of what HAProxy says, the alerts are shown, and all of it where there is none', () => {
  const notice = '[NOTICE]   (1) : New worker (2) forked'
  const alert = '[ALERT]    (2) : Cannot chroot(/nowhere).'
  expect(selectLines(`${notice}\n${alert}\n`)).toEqual([alert])
  expect(selectLines(`${notice}\n`)).toEqual([notice])
})
