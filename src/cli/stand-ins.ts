/** A hold whose check finds generated stand-ins where referenced files were not looked at. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileNeed } from '../compile/needs.ts'
import { makeStandIns } from '../files/stand-ins.ts'
import type { Hold, Writer } from '../model/ports.ts'

export function withStandIns(hold: Hold, writer: Writer, unseen: () => readonly FileNeed[]): Hold {
  return {
    ...hold,
    check: async (bundle) => {
      const folder = await mkdtemp(join(tmpdir(), 'legate-stand-ins-'))
      try {
        const made = await makeStandIns(unseen(), folder, writer)
        if (!made.ok) return { state: 'not-run', result: made }
        return await hold.check({ ...bundle, config: replacePaths(bundle.config, made.value) })
      } finally {
        // What cannot be removed must not hide why nothing was checked.
        await rm(folder, { recursive: true, force: true }).catch(() => undefined)
      }
    },
  }
}

/** Paths stand as whole words in the rendered text, because their characters need no quotes. */
function replacePaths(config: string, paths: ReadonlyMap<string, string>): string {
  return config
    .split('\n')
    .map((line) =>
      line
        .split(' ')
        .map((word) => paths.get(word) ?? word)
        .join(' '),
    )
    .join('\n')
}
