/** Writes the file argv[2] again and again, each time with one letter only, until it is killed. As built: it is started often. */
const { createWriter } = await import(new URL('../../../dist/files/writer.js', import.meta.url))

const [, , path = '', length = '0'] = process.argv
const writer = createWriter()

async function writeLetter(code) {
  await writer.write(path, String.fromCharCode(code).repeat(Number(length)))
  if (code === 97) process.stdout.write('ready')
  return writeLetter(code === 122 ? 98 : code + 1)
}

await writeLetter(97)
