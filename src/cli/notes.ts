/** Things a person should know although nothing is wrong; never in machine-readable output. */
import type { FileNeed } from '../compile/needs.ts'
import type { Context } from './context.ts'

export function noteUnseen({ console }: Context, unseen: readonly FileNeed[]): void {
  const count = new Set(unseen.map((need) => need.path)).size
  if (count > 0 && console.format === 'human')
    console.err(
      `note: ${count} referenced ${count === 1 ? 'file was' : 'files were'} checked by shape only; --files-root DIR looks at them\n`,
    )
}
