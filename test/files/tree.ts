/** Makes files for a test; names are paths below the folder. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tempFolder } from './temp-folder.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true })
  await Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }),
  )
}

/** A new folder with these files. */
export async function tree(files: Files): Promise<string> {
  const folder = await tempFolder()
  await writeFiles(folder, files)
  return folder
}
