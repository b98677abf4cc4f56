/** In goes who HAProxy is to become, out comes what the machine or HAProxy's own rights have against it. */
import { execFile } from 'node:child_process'
import { printable } from '../model/failure.ts'
import type { Finding } from './ground.ts'
import type { Needs } from './needs.ts'
import { CAPABILITY, has, type Limits } from './proc.ts'

/** `limits` are those of the process that will do it, where they are known. */
export async function checkAccounts(
  { chroot, user, group }: Needs,
  limits: Limits | undefined,
): Promise<Finding[]> {
  const [uid, gid] = await Promise.all([lookUp('passwd', user), lookUp('group', group)])
  const findings = [
    ...(uid === 'none' ? [unknownAccount('user', user)] : []),
    ...(gid === 'none' ? [unknownAccount('group', group)] : []),
  ]
  if (limits === undefined) return findings
  const wanted = [
    { what: `chroot ${chroot}`, needed: chroot !== undefined, capability: CAPABILITY.sysChroot },
    { what: `user ${user}`, needed: isOther(uid, limits.uid), capability: CAPABILITY.setuid },
    { what: `group ${group}`, needed: isOther(gid, limits.gid), capability: CAPABILITY.setgid },
  ]
  const denied = wanted.filter((w) => w.needed && !has(limits.capabilities, w.capability))
  return [...findings, ...denied.map(({ what }) => notAllowed(what, limits))]
}

type Account = number | 'none' | undefined

/** HAProxy stays who it is when it is told to be root. */
function isOther(wanted: Account, own: number): boolean {
  return typeof wanted === 'number' && wanted !== 0 && wanted !== own
}

function unknownAccount(kind: 'user' | 'group', name = ''): Finding {
  const tool = kind === 'user' ? 'useradd --system' : 'groupadd --system'
  return {
    message: `the ${kind} ${printable(name)} does not exist`,
    hint: `make it (${tool} ${printable(name)}), or name another one in Global`,
  }
}

function notAllowed(what: string, { uid }: Limits): Finding {
  return {
    message: `HAProxy runs as uid ${uid}, which may not do \`${printable(what)}\``,
    hint: 'start HAProxy as root, or leave chroot, user and group out of Global',
  }
}

/** The number of the account; `none` when there is none; undefined when that cannot be found out. */
function lookUp(table: 'passwd' | 'group', name?: string): Promise<Account> {
  if (name === undefined) return Promise.resolve(undefined)
  // glibc asks LDAP and the like as HAProxy does; reading /etc/passwd would miss those.
  return new Promise((done) => {
    execFile('getent', ['--', table, name], { timeout: 5000 }, (error, stdout) => {
      const id = /^[^:]*:[^:]*:(\d+)/.exec(stdout)?.[1]
      if (error === null) done(id === undefined ? undefined : Number(id))
      else done(error.code === 2 ? 'none' : undefined)
    })
  })
}
