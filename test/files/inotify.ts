/** Counts what this process has open: descriptors, and folders that the kernel watches for it. */
import { readdir, readFile } from 'node:fs/promises'

export async function countInotifyWatches(): Promise<number> {
  const fds = await readdir('/proc/self/fdinfo')
  const infos = await Promise.all(
    fds.map((fd) => readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '')),
  )
  return infos.join('\n').match(/^inotify wd:/gm)?.length ?? 0
}

export async function countDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}
