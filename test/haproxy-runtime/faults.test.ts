/** HAProxy goes away, hangs or is another one in the middle of a change: nothing is assumed, all is told. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createWriter } from '../../src/files/writer.ts'
import { createHold } from '../../src/haproxy/hold.ts'
import type { Actual, RunningProcess } from '../../src/model/actual.ts'
import type { ApplyOutcome } from '../../src/model/ports.ts'
import type { RuntimeChange } from '../../src/model/runtime.ts'
import { tempFolder } from '../files/temp-folder.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { sketchBundle } from '../tools/bundle.ts'
import { holdOptionsFor } from '../tools/hold-options.ts'
import { makeLive, MODES, type LiveRig } from './rig.ts'

const haproxys = await findHaproxys()
const backend = 'api'
const WEIGHT: RuntimeChange = { kind: 'set-weight', backend, server: 'a', weight: 7 }
const bundle = sketchBundle({ statsSocket: '/none' })

describe.each(haproxys.flatMap((each) => MODES.map((mode) => ({ ...each, mode }))))(
  'HAProxy, $branch, $mode',
  ({ binary, mode }) => {
    const sections = () => 'backend api\n  server a 127.0.0.1:1 weight 100 id 5\n'

    async function pid(rig: LiveRig): Promise<number> {
      const { running } = await rig.look()
      return running.state === 'running' ? running.process.worker.pid : 0
    }

    function apply(rig: LiveRig, seen: Actual, ...changes: RuntimeChange[]): Promise<ApplyOutcome> {
      return rig.hold.apply(bundle, { action: 'runtime', reasons: [], changes }, seen)
    }

    test('reloaded by hand since it was looked at: the new worker is left alone', async () => {
      const rig = await makeLive({ binary, mode, sections })
      const seen = await rig.look()
      const before = await pid(rig)
      await rig.haproxy.reload()
      await vi.waitFor(async () => expect(await pid(rig)).not.toBe(before))
      const outcome = await apply(rig, seen, WEIGHT)
      expect(outcome).toMatchObject({
        state: 'failed',
        result: {
          failure: {
            reason: 'interrupted',
            message: expect.stringContaining('restarted or reloaded'),
          },
        },
      })
      expect(outcome.actual).toBeUndefined()
      expect((await rig.server(backend, 'a'))?.weight).toBe(100)
      // The next look finds out, and the change works.
      expect(await rig.change(WEIGHT)).toMatchObject({ state: 'applied' })
    })

    test('it does not answer any more: told when the time is over, and it works again', async () => {
      const rig = await makeLive({ binary, mode, sections, socketTimeoutMs: 300 })
      const seen = await rig.look()
      if (seen.running.state !== 'running') throw new Error('not running')
      const { masterPid, worker } = seen.running.process
      const stopped = masterPid === 0 ? worker.pid : masterPid
      process.kill(stopped, 'SIGSTOP')
      await vi.waitFor(() => expect(statesOf(stopped)).toEqual(new Set(['T'])))
      try {
        expect(await apply(rig, seen, WEIGHT)).toMatchObject({
          state: 'failed',
          result: { failure: { reason: 'timeout', transient: true } },
        })
        expect((await rig.look()).running.state).toBe('unknown')
      } finally {
        process.kill(stopped, 'SIGCONT')
      }
      await vi.waitFor(async () =>
        expect(await rig.change(WEIGHT)).toMatchObject({ ran: [WEIGHT] }),
      )
      expect((await rig.server(backend, 'a'))?.weight).toBe(7)
    })

    test('it has died: down, and told as such', async () => {
      const rig = await makeLive({ binary, mode, sections })
      const seen = await rig.look()
      if (seen.running.state !== 'running') throw new Error('not running')
      const { masterPid, worker } = seen.running.process
      process.kill(masterPid === 0 ? worker.pid : masterPid, 'SIGKILL')
      await vi.waitFor(async () => expect((await rig.look()).running.state).toBe('down'), 10_000)
      expect(await apply(rig, seen, WEIGHT)).toMatchObject({
        state: 'failed',
        result: { failure: { reason: 'haproxy-down' } },
      })
    })
  },
)

/** Of all threads of the process: the signal does not reach them at once. */
function statesOf(pid: number): ReadonlySet<string | undefined> {
  const folder = `/proc/${pid}/task`
  const lines = readdirSync(folder).map((id) => readFileSync(`${folder}/${id}/stat`, 'utf8'))
  return new Set(lines.map((line) => /\) (\w) [^)]*$/.exec(line)?.[1]))
}

type Answer = (line: string, socket: Socket) => string | undefined

describe('a socket', () => {
  const PROMPT = 'master> '
  const NOBODY = "Can't find the target PID matching the prefix '@!42'\n"
  const live = { servers: new Map(), maps: new Map(), certificates: new Map() }
  const SHOW_PROC = (pid: number): string =>
    `#<PID> <type> <reloads> <uptime> <version>\n1 master 0 [failed: 0] 0d00h00m01s 2.6.12\n` +
    `# workers\n${pid} worker 0 0d00h00m01s 2.6.12\n# old workers\n# programs\n\n`

  function actualOf(masterPid: number): Actual {
    const running: RunningProcess = {
      version: '2.6.12',
      masterPid,
      reloads: 0,
      failedReloads: 0,
      worker: { pid: 42, reloads: 0, uptimeSeconds: 1 },
      oldWorkers: [],
      structure: undefined,
      live,
    }
    return {
      config: { state: 'absent' },
      files: new Set(),
      running: { state: 'running', process: running },
    }
  }

  /** Answers each line as `answer` says; undefined: with nothing, not even a prompt. */
  async function applyTo(
    answer: Answer,
    ...changes: readonly RuntimeChange[]
  ): Promise<{ readonly outcome: ApplyOutcome; readonly lines: readonly string[] }> {
    const folder = await tempFolder()
    const options = holdOptionsFor(folder, { mode: 'master-socket', socketTimeoutMs: 200 })
    const lines: string[] = []
    const server = createServer((socket) => {
      onTestFinished(() => void socket.destroy())
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        for (const line of String(chunk).split('\n').slice(0, -1)) {
          lines.push(line)
          const text = line === 'prompt' ? '' : answer(line, socket)
          if (text !== undefined) socket.write(`${text}${PROMPT}`)
        }
      })
    })
    server.listen(join(folder, 'master.sock'))
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const hold = createHold(options, createWriter())
    const outcome = await hold.apply(
      bundle,
      { action: 'runtime', reasons: [], changes },
      actualOf(1),
    )
    return { outcome, lines }
  }

  test('commands go to the very worker that was looked at', async () => {
    const { outcome, lines } = await applyTo((line) => {
      if (line === 'show proc') return SHOW_PROC(43)
      return '\n'
    }, WEIGHT)
    expect(lines).toEqual([
      'prompt',
      '@!42 set server api/a weight 7',
      'show proc',
      '@!42 show servers state api',
    ])
    // Another one serves by now.
    expect(outcome).toMatchObject({ result: { failure: { reason: 'interrupted' } } })
  })

  test.each<readonly [string, Answer, string]>([
    ['that worker is gone', (line) => (line.includes('set') ? NOBODY : undefined), 'interrupted'],
    ['that worker is gone, 2.6', (_, socket) => void socket.end(NOBODY), 'interrupted'],
    ['hangs', () => undefined, 'timeout'],
    ['hangs up', (_, socket) => void socket.end(), 'haproxy-unreachable'],
    ['breaks', (_, socket) => void socket.destroy(), 'haproxy-unreachable'],
    ['says more than it was asked', () => `x\n${PROMPT}y\n${PROMPT}\n`, 'haproxy-unreachable'],
  ])('%s', async (_, answer, reason) => {
    const began = performance.now()
    const { outcome } = await applyTo(answer, WEIGHT)
    expect(outcome).toMatchObject({ state: 'failed', result: { failure: { reason } }, ran: [] })
    expect(outcome.actual).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test.each([
    ['is being taken up again by a master that lives', process.pid, 'interrupted'],
    ['is what a dead master has left', 2 ** 22, 'haproxy-down'],
  ] as const)('nobody listens at %s', async (_, masterPid, reason) => {
    const folder = await tempFolder()
    const options = holdOptionsFor(folder, { mode: 'master-socket' })
    const hold = createHold(options, createWriter())
    const plan = { action: 'runtime', reasons: [], changes: [WEIGHT] } as const
    expect(await hold.apply(bundle, plan, actualOf(masterPid))).toMatchObject({
      result: { failure: { reason } },
    })
  })

  test('hangs after the first of two changes: the first is told as done', async () => {
    const second: RuntimeChange = { kind: 'drain-server', backend, server: 'b' }
    const { outcome } = await applyTo(
      (line) => (line.includes('api/a') ? '\n' : undefined),
      WEIGHT,
      second,
    )
    expect(outcome).toMatchObject({ result: { failure: { reason: 'timeout' } }, ran: [WEIGHT] })
  })

  test('an answer that nobody knows is a refusal', async () => {
    const { outcome } = await applyTo(
      (line) => (line === 'show proc' ? SHOW_PROC(42) : 'Something new in HAProxy 9.\n\n'),
      WEIGHT,
    )
    expect(outcome).toMatchObject({
      result: {
        failure: { reason: 'runtime-refused', message: expect.stringContaining('Something new') },
      },
    })
  })

  test.each([
    { server: 'a b;quit', line: '@!42 set server api/a\\ b\\;quit weight 7' },
    { server: "x\\'<<", line: "@!42 set server api/x\\\\\\'\\<\\< weight 7" },
  ])('a name is one word, whatever is in it: $server', async ({ server, line }) => {
    const { lines } = await applyTo(() => '\n', { ...WEIGHT, server })
    expect(lines).toContain(line)
  })

  test.each(['a/b', 'a\nquit', ''])('a name that cannot be one is a bug: %j', async (server) => {
    await expect(applyTo(() => '\n', { ...WEIGHT, server })).rejects.toThrow('not a')
  })
})
