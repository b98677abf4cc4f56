/** A program's name → its path, by PATH; a path stays what it is. */
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** Debian keeps haproxy in a folder that is not on every user's PATH. */
const ALSO: readonly string[] = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** The name itself when it is nowhere: running it then says so. */
export function findProgram(name: string): string {
  if (isAbsolute(name) || name.includes('/')) return resolve(name)
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ALSO]
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? name
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isAbsolute(path)
  } catch {
    return false
  }
}
