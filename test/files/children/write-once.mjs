/** Writes argv[3] letters to the file argv[2]; prints the result as JSON. As built: it is started often. */
const { createWriter } = await import(new URL('../../../dist/files/writer.js', import.meta.url))

const [, , path = '', length = '0'] = process.argv
process.stdout.write(JSON.stringify(await createWriter().write(path, 'n'.repeat(Number(length)))))
