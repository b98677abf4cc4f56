/** Out comes how to run a program without root's rights, or why that cannot be done here. */
import { access, constants, readFile } from 'node:fs/promises'

/** `program` runs another, which goes with its own arguments after `args`. */
export type RightsDrop =
  | { readonly state: 'dropped'; readonly program: string; readonly args: readonly string[] }
  /** Not root: there is nothing to drop. */
  | { readonly state: 'not-needed' }
  | { readonly state: 'impossible'; readonly why: string }

const NOBODY = '65534'
const KEPT = '-all,+dac_read_search'
const DROP = [
  '--clear-groups',
  '--no-new-privs',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  `--inh-caps=${KEPT}`,
  `--ambient-caps=${KEPT}`,
  `--bounding-set=${KEPT}`,
]
// Of linux/capability.h. The three besides what is kept are what setpriv itself needs.
const NEEDED = { dac_read_search: 2, setgid: 6, setuid: 7, setpcap: 8 }

/**
 * The program reads every file, as root does (private keys are 0600), and writes none: `haproxy -c` runs
 * the Lua of a configuration even when it goes on to refuse it.
 */
export async function dropRights(setpriv = '/usr/bin/setpriv'): Promise<RightsDrop> {
  if (process.geteuid?.() !== 0) return { state: 'not-needed' }
  try {
    await access(setpriv, constants.X_OK)
  } catch {
    return { state: 'impossible', why: `${setpriv} is missing (package util-linux)` }
  }
  const missing = await missingCapabilities()
  if (missing.length > 0)
    return { state: 'impossible', why: `this root has no capability ${missing.join(', ')}` }
  return { state: 'dropped', program: setpriv, args: [...DROP, '--'] }
}

/** Containers often run as a root without some of root's rights. */
async function missingCapabilities(): Promise<string[]> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  return Object.entries(NEEDED)
    .filter(([, bit]) => (effective & (1n << BigInt(bit))) === 0n)
    .map(([name]) => name)
}
