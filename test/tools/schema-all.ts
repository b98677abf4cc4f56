/** Takes resolved schemas, gives the one for editors: it chooses by `kind` and needs no other file. */
import type { Schema } from './schema-files.ts'

export function combineSchemas(kinds: readonly Schema[]): string {
  const names = kinds.map((kind) => kind.title ?? '')
  const all = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'all.schema.json',
    $comment: 'Generated from the other schemas by `npm run generate`; do not edit.',
    title: 'Manifest',
    description: 'A resource of any kind. For editors; Legate itself chooses the schema by kind.',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: kinds[0]?.properties?.['apiVersion'],
      kind: { type: 'string', maxLength: 16, enum: names, description: 'What the resource is.' },
      metadata: { type: 'object', description: 'Name of the resource.' },
      spec: { type: 'object', description: 'What the resource shall be.' },
    },
    allOf: names.map((name) => ({
      if: { properties: { kind: { const: name } }, required: ['kind'] },
      // The keyword next to `if` in JSON Schema; nothing awaits this object.
      // oxlint-disable-next-line unicorn/no-thenable
      then: { $ref: `#/definitions/${name}` },
    })),
    definitions: Object.fromEntries(kinds.map((kind) => [kind.title, standalone(kind)])),
  }
  return `${JSON.stringify(all, null, 2)}\n`
}

function standalone(schema: Schema): Schema {
  const { $schema: _, $id: __, examples: ___, ...rest } = schema
  return rest
}
