/**
 * A configuration that `haproxy -c` accepts goes in; out comes what would make HAProxy fail with it all
 * the same. On 2.6 a worker that dies after the fork takes the master and the old worker with it.
 */
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, ok, printable, type Result } from '../model/failure.ts'
import { checkAccounts } from './accounts.ts'
import type { Finding, Ground } from './ground.ts'
import { readNeeds, type Needs } from './needs.ts'
import { checkPorts } from './ports-free.ts'
import { readLimits, type Limits } from './proc.ts'
import { MAX_SOCKET_PATH } from './socket-path.ts'

/** Fails with `preflight-failed`, which lists everything that was found. */
export async function preflight(config: string, ground: Ground): Promise<Result<void>> {
  const needs = readNeeds(config)
  const [first] = ground.pids
  const holder = first ?? (ground.supervised ? 'self' : undefined)
  const limits = holder === undefined ? undefined : readLimits(holder)
  const found = await Promise.all([
    checkFolders(needs),
    checkAccounts(needs, limits),
    checkPorts(needs.listeners, ground),
  ])
  const all = [...checkAcls(needs), ...checkDescriptors(needs, limits), ...found.flat()]
  if (all.length === 0) return ok(undefined)
  return fail({
    reason: 'preflight-failed',
    message: `HAProxy would accept the configuration and then fail with it: ${all.map((f) => f.message).join('; ')}`,
    hint: 'nothing was changed; mend it and run again (or set `haproxy.preflight: Off` if this is wrong)',
    detail: all.map((f) => `${f.message}: ${f.hint}`),
    transient: false,
  })
}

/** An ACL with such a name would hide HAProxy's own, and conditions that use it would change their meaning. */
const BUILT_IN = /^(TRUE|FALSE|LOCALHOST|HTTP.*|METH_.*|REQ_CONTENT|WAIT_END|RDP_COOKIE)$/

function checkAcls(needs: Needs): Finding[] {
  return needs.acls
    .filter(({ name }) => BUILT_IN.test(name))
    .map(({ name, section }) => ({
      message: `${printable(section)} has an ACL with the name of HAProxy's own ${printable(name)}`,
      hint: 'give it another name in the template',
    }))
}

/** HAProxy starts counting at 10; what it adds beyond these differs between versions. */
const FEWEST_DESCRIPTORS = 10

export function checkDescriptors(needs: Needs, limits: Limits | undefined): Finding[] {
  const { maxconn, checkedServers, listeners, strictLimits } = needs
  const needed = FEWEST_DESCRIPTORS + 2 * maxconn + checkedServers + listeners.length
  if (limits === undefined || !strictLimits || needed <= limits.descriptors) return []
  return [
    {
      message: `maxconn (${maxconn}), checked servers (${checkedServers}) and listeners (${listeners.length}) need ${needed} file descriptors, HAProxy may have ${limits.descriptors}`,
      hint: 'lower maxconn, or raise the limit (LimitNOFILE= of the unit, ulimit -n) and start HAProxy again',
    },
  ]
}

async function checkFolders(needs: Needs): Promise<Finding[]> {
  const { chroot, sockets } = needs
  const jail = chroot === undefined || (await isFolder(chroot))
  const folders = await Promise.all(sockets.map((path) => isFolder(dirname(path))))
  return [
    ...(jail ? [] : [missing(`the chroot folder ${printable(chroot)}`, chroot)]),
    ...sockets.flatMap((path, at) =>
      folders[at] === true
        ? []
        : [missing(`the folder of the socket ${printable(path)}`, dirname(path))],
    ),
    ...sockets
      .filter((path) => Buffer.byteLength(path) > MAX_SOCKET_PATH)
      .map((path) => ({
        message: `the socket path ${printable(path)} is longer than ${MAX_SOCKET_PATH} bytes`,
        hint: 'use a shorter path',
      })),
  ]
}

function missing(what: string, path: string): Finding {
  return { message: `${what} does not exist`, hint: `make it (mkdir -p ${printable(path)})` }
}

/** What Legate may not look at counts as there. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code !== 'ENOENT' && code !== 'ENOTDIR'
  }
}
