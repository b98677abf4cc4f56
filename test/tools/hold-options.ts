/** Options of a hold for tests: everything in one folder, the times short; the test names what matters. */
import type { HoldOptions } from '../../src/haproxy/options.ts'

export function holdOptionsFor(folder: string, changes: Partial<HoldOptions> = {}): HoldOptions {
  return {
    mode: 'supervise',
    binary: 'haproxy',
    configFile: `${folder}/haproxy.cfg`,
    mapsDir: `${folder}/maps`,
    configMode: 0o640,
    masterSocket: `${folder}/master.sock`,
    statsSocket: `${folder}/stats.sock`,
    stateDir: `${folder}/state`,
    stagingDir: `${folder}/state/staging`,
    reloadCommand: [],
    startCommand: [],
    settleMs: 300,
    checkTimeoutMs: 10_000,
    reloadTimeoutMs: 10_000,
    socketTimeoutMs: 2000,
    stopTimeoutMs: 2000,
    preflight: 'On',
    trial: 'Off',
    warnings: 'Report',
    checkUser: 'Keep',
    ...changes,
  }
}
