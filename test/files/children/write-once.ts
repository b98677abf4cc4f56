/** Writes argv[3] letters to the file argv[2]; prints the result as JSON. */
import { createWriter } from '../../../src/files/writer.ts'

const [, , path = '', length = '0'] = process.argv
process.stdout.write(JSON.stringify(await createWriter().write(path, 'n'.repeat(Number(length)))))
