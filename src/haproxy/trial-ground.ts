/** Out comes how to run a program in a network of its own, or why that cannot be done here. */
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { printable } from '../model/failure.ts'
import { runProgram } from './run-program.ts'

export type TrialGround =
  | {
      readonly state: 'ready'
      readonly program: string
      /** The program to run goes after them. */
      args(seconds: number): readonly string[]
      /** False in a user namespace: root's name, and the rights of whoever runs Legate. */
      readonly isRoot: boolean
    }
  | { readonly state: 'impossible'; readonly why: string }

/** HAProxy may listen where the machine has no address: which it has is looked at before. */
const OPEN = `cd /proc/sys/net || exit 1
for f in ipv4/ip_nonlocal_bind ipv6/ip_nonlocal_bind
do [ ! -e $f ] || echo 1 > $f || exit 1; done
cd / && exec "$@"`
const PROBE_MS = 5000

/** The first way that works here; kernel and rights may change while Legate runs, and a look takes little. */
export async function findTrialGround(
  path: string = process.env['PATH'] ?? '',
): Promise<TrialGround> {
  const [unshare, timeout] = await Promise.all([findIn(path, 'unshare'), findIn(path, 'timeout')])
  if (unshare === undefined) return impossible('there is no unshare (package util-linux)')
  if (timeout === undefined) return impossible('there is no timeout (package coreutils)')
  const asRoot = process.geteuid?.() === 0 ? await probe(unshare, '-n') : undefined
  if (asRoot?.ok === true) return ready(timeout, asRoot.command, true)
  const asUser = await probe(unshare, '-rn')
  if (asUser.ok) return ready(timeout, asUser.command, false)
  return impossible(`no network namespace can be had here (${printable(asUser.why)})`)
}

interface Probed {
  readonly ok: boolean
  readonly command: readonly string[]
  readonly why: string
}

async function probe(unshare: string, way: string): Promise<Probed> {
  const args = [way, '/bin/sh', '-c', OPEN, 'trial']
  const end = await runProgram(unshare, [...args, '/bin/sh', '-c', ':'], { timeoutMs: PROBE_MS })
  const command = [unshare, ...args]
  if (end.state !== 'ended') return { ok: false, command, why: `unshare: ${end.state}` }
  return { ok: end.exitCode === 0, command, why: firstLine(end.stderr) }
}

function ready(program: string, command: readonly string[], isRoot: boolean): TrialGround {
  // `timeout` ends the trial of a Legate that was killed.
  const args = (seconds: number): string[] => ['-s', 'KILL', String(seconds), ...command]
  return { state: 'ready', program, args, isRoot }
}

function impossible(why: string): TrialGround {
  return { state: 'impossible', why }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

async function findIn(path: string, name: string): Promise<string | undefined> {
  const files = path
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
  const found = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return files[found.indexOf(true)]
}
