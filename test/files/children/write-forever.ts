/** Writes the file argv[2] again and again, each time with one letter only, until it is killed. */
import { createWriter } from '../../../src/files/writer.ts'

const [, , path = '', length = '0'] = process.argv
const writer = createWriter()

async function writeLetter(code: number): Promise<never> {
  await writer.write(path, String.fromCharCode(code).repeat(Number(length)))
  if (code === 97) process.stdout.write('ready')
  return writeLetter(code === 122 ? 98 : code + 1)
}

await writeLetter(97)
