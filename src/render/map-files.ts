/** The maps of a routed frontend as files: rows in, text and content-addressed paths out. */
import { hash } from 'node:crypto'
import type { BundleFile } from '../model/bundle.ts'
import type { FrontendSection, MapRow, RouteMaps } from '../model/topology.ts'
import { mapKey, mapValue } from './quote.ts'

/** Where files go. Both absolute. */
export interface Layout {
  readonly configFile: string
  readonly mapsDir: string
}

const PARTS = ['hosts', 'wildcards', 'exact', 'prefix', 'targets'] as const
export type MapPart = (typeof PARTS)[number]

export interface MapFile extends BundleFile {
  readonly part: MapPart
  readonly digest: string
}

/** Every part, empty ones too: a first wildcard then needs no line that is not there yet. */
export function mapFiles({ name, routes }: FrontendSection, layout: Layout): MapFile[] {
  if (routes === undefined) return []
  return PARTS.map((part) => mapFile(part, { name, routes }, layout))
}

function mapFile(
  part: MapPart,
  { name, routes }: { readonly name: string; readonly routes: RouteMaps },
  { mapsDir }: Layout,
): MapFile {
  const text = routes[part].map(rowText).join('')
  const digest = digestOf(text)
  const path = `${mapsDir}/${name}-${part}.${digest}.map`
  return { part, name: `${name}-${part}.map`, text, path, digest }
}

function rowText([key, value]: MapRow): string {
  return `${mapKey(key)} ${mapValue(value)}\n`
}

/** What names the content of a map, in its path and in the live state. */
function digestOf(text: string): string {
  return hash('sha256', text).slice(0, 16)
}
