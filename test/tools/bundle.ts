/** Pieces of a configuration go in, a bundle comes out: small, complete, and stamped as a rendered one is. */
import { createHash } from 'node:crypto'
import type { Bundle, BundleFile, LiveServer } from '../../src/model/bundle.ts'
import { sealConfig } from '../../src/model/target-file.ts'

export interface Sketch {
  /** Path of the stats socket. */
  readonly statsSocket: string
  /** Lines of the global section. */
  readonly global?: readonly string[]
  /** Sections after `defaults`. */
  readonly sections?: string
  /** By backend; must be what `sections` says. */
  readonly servers?: Readonly<Record<string, readonly LiveServer[]>>
  /** Map contents by logical name; `sections` names a map by `MAP(name)`. */
  readonly maps?: Readonly<Record<string, string>>
  readonly mapsDir?: string
}

export function sketchBundle(sketch: Sketch): Bundle {
  const { statsSocket, global = [], sections = '', servers = {}, maps = {}, mapsDir = '/' } = sketch
  const structure = sha256([...global, sections].join('\n'))
  const files = Object.entries(maps).map(([name, text]) => mapFile(mapsDir, name, text))
  const paths = new Map(files.map((file) => [file.name, file.path]))
  const lines = [
    'global',
    `stats socket ${statsSocket} mode 600 level admin`,
    `set-var proc.legate_structure str(${structure})`,
    ...global,
    'defaults',
    'mode http',
    'timeout connect 1s',
    'timeout client 5s',
    'timeout server 5s',
    sections.replaceAll(/MAP\(([^)]*)\)/g, (_, name: string) => paths.get(name) ?? name),
  ]
  return {
    config: sealConfig([`${lines.join('\n')}\n`]),
    sections: [],
    files,
    structure,
    live: {
      servers: new Map(
        Object.entries(servers).map(([name, list]) => [
          name,
          list.map((server) => ({ ...server, words: ['weight', String(server.weight)] })),
        ]),
      ),
      maps: new Map(files.map((file) => [file.name, digest16(file.text)])),
      certificates: new Map(),
    },
    fixed: new Map(),
    secrets: [],
  }
}

function mapFile(folder: string, name: string, text: string): BundleFile {
  return { name, text, path: `${folder}/${name.replace(/\.map$/, '')}.${digest16(text)}.map` }
}

function digest16(text: string): string {
  return sha256(text).slice(0, 16)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
