/** Manifests as texts → what parseManifests says, in a form that is easy to read in a test. */
import { readdirSync, readFileSync } from 'node:fs'
import type { ParsedManifests, Schemas } from '../../src/manifest/manifest.ts'
import { parseManifests } from '../../src/manifest/manifest.ts'
import type { Diagnostic, Position } from '../../src/model/diagnostic.ts'

const folder = new URL('../../schemas/', import.meta.url)

export const schemas: Schemas = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.schema.json') && name !== 'all.schema.json')
    .map((name) => [name, readSchema(name)]),
)

function readSchema(name: string): object {
  const schema: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  if (typeof schema !== 'object' || schema === null) throw new Error(`${name} is no schema`)
  return schema
}

export function parse(...texts: string[]): ParsedManifests {
  const files = texts.map((text, i) => ({ path: `${i + 1}.yaml`, text }))
  return parseManifests(files, schemas)
}

/** `1:2-5 LG1004 message [hint]`, with the places that belong to it. */
export function said(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ at, code, message, hint, related = [] }) => {
    const others = related.map((other) => ` (${other.message} ${place(other.at)})`)
    return `${place(at)} ${code} ${message}${hint === undefined ? '' : ` [${hint}]`}${others.join('')}`
  })
}

export function codes(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code)
}

/** What one document with this spec is told, warnings about its loneliness left out. */
export function saidOf(kind: string, spec: string): string[] {
  const { diagnostics } = parse(document(kind, 'x', spec))
  return said(diagnostics.filter(({ severity }) => severity === 'error'))
}

/** A document whose spec begins in line 5. */
export function document(kind: string, name: string, spec: string): string {
  const body = spec.replaceAll(/^(?=.)/gm, '  ')
  return `apiVersion: legate/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec:\n${body}\n`
}

function place(at: Position | undefined): string {
  return at === undefined ? 'nowhere' : `${at.line}:${at.column}-${at.endColumn}`
}
