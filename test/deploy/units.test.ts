/** The units of deploy/, as systemd reads them: with programs and users that are there. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../tools/site.ts'

const run = promisify(execFile)
const units = readdirSync(join(ROOT, 'deploy')).filter((name) => /\.(service|timer)$/.test(name))

const hasSystemd = await run('systemd-analyze', ['--version']).then(
  () => true,
  () => false,
)
if (!hasSystemd) process.stderr.write('SKIPPED: no systemd-analyze here to look at the units\n')

function unit(name: string): string {
  return readFileSync(join(ROOT, 'deploy', name), 'utf8')
}

/** In a folder of their own, so that one finds the other. */
function copyUnits(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'legate-units-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return units.map((name) => {
    const path = join(folder, name)
    const here = unit(name)
      .replace(/^ExecStart=legate/m, `ExecStart=${process.execPath}`)
      .replaceAll(/^(User|Group)=.*$/gm, '$1=root')
    writeFileSync(path, here)
    return path
  })
}

test.skipIf(!hasSystemd)('systemd finds nothing wrong with them', async () => {
  const { stdout, stderr } = await run('systemd-analyze', ['verify', ...copyUnits()])
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
})

test('the timer starts a unit that is there, and both services are for the same user and sandbox', () => {
  const timer = units.find((name) => name.endsWith('.timer')) ?? ''
  expect(units).toContain(timer.replace('.timer', '.service'))
  const sandbox = units
    .filter((name) => name.endsWith('.service'))
    .map((name) =>
      unit(name).match(
        /^(User|Group|Protect|Private|ReadWrite|Restrict(?!art)|System|NoNew|Cap|UMask).*$/gm,
      ),
    )
  expect(sandbox[0]?.length).toBeGreaterThan(15)
  expect(new Set(sandbox.map((lines) => lines?.join('\n'))).size).toBe(1)
})

test('the daemon is reloaded by SIGHUP, and has the time to end that its settings give it', () => {
  const daemon = unit('legate.service')
  expect(daemon).toMatch(/^ExecReload=kill -HUP \$MAINPID$/m)
  expect(daemon).toMatch(/^RestartPreventExitStatus=3 64$/m)
  const settings = readFileSync(join(ROOT, 'docs/reference/settings.md'), 'utf8')
  expect(settings).toMatch(/`stopTimeout`.*`"90s"`.*the end of the daemon/)
  expect(daemon).toMatch(/^TimeoutStopSec=2min$/m)
})

test('the daemon says itself when it is ready, and that it lives', () => {
  const daemon = unit('legate.service')
  for (const line of ['Type=notify', 'NotifyAccess=all', 'WatchdogSec=60', 'Restart=on-failure'])
    expect(daemon.split('\n')).toContain(line)
})
