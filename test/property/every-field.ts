/** A site that sets every text field that a manifest has, and the list of these fields as the schemas have them. */
import { readSchemas } from '../../src/files/schemas.ts'
import type { Document } from './arbitrary-site.ts'

function document(kind: string, name: string, spec: unknown): Document {
  const labels = { labels: { team: 'shop' }, annotations: { note: 'harmless' } }
  const metadata = { name, namespace: 'default', ...labels }
  return { apiVersion: 'legate/v1', kind, metadata, spec }
}

const ref = (name: string): object => ({ name, namespace: 'default' })
const headers = {
  set: [{ name: 'X-Set', value: 'harmless' }],
  add: [{ name: 'X-Add', value: 'harmless' }],
  remove: ['X-Remove'],
}
const request = { type: 'RequestHeaderModifier', requestHeaderModifier: headers }
const response = { type: 'ResponseHeaderModifier', responseHeaderModifier: headers }
const timeouts = {
  connect: '5s',
  server: '50s',
  queue: '1s',
  check: '2s',
  serverFin: '3s',
  tunnel: '1h',
}
const more = {
  client: '50s',
  httpRequest: '5s',
  httpKeepAlive: '6s',
  clientFin: '7s',
  tarpit: '8s',
}

const backend = {
  defaultsRef: ref('default'),
  balance: { algorithm: 'Header', header: 'X-Tenant' },
  check: {
    type: 'HTTP',
    interval: '2s',
    timeout: '1s',
    path: '/health',
    host: 'app.example',
    expectStatus: '200-299',
  },
  timeouts,
}

export const DOCUMENTS: readonly Document[] = [
  document('Global', 'global', {
    log: [{ address: '10.0.0.53:514', facility: 'local0' }, { address: '/dev/log' }],
    tls: { ciphers: 'HIGH:!aNULL', cipherSuites: 'TLS_AES_128_GCM_SHA256' },
    chroot: '/var/lib/haproxy',
    user: 'haproxy',
    group: 'haproxy',
    hardStopAfter: '10m',
  }),
  document('Defaults', 'default', {
    timeouts: { ...timeouts, ...more },
    errorFiles: [{ status: 503, file: 'errors/503.http' }],
  }),
  document('Frontend', 'front', {
    defaultsRef: ref('default'),
    listeners: [
      { name: 'plain', address: '10.0.0.1', port: 8080 },
      {
        name: 'tls',
        port: 8443,
        protocol: 'HTTPS',
        tls: { certificateRefs: [ref('site'), ref('list')] },
      },
    ],
    defaultBackendRef: ref('static'),
    filters: [request, response],
    stats: { path: '/stats', refresh: '10s', realm: 'Statistics', userlistRef: ref('operators') },
  }),
  document('HostRoute', 'shop', {
    parentRefs: [ref('front')],
    hostnames: ['shop.example', '*.shop.example'],
    rules: [
      {
        name: 'pages',
        matches: [
          { path: { type: 'PathPrefix', value: '/pages' } },
          { path: { type: 'Exact', value: '/' } },
        ],
        filters: [request, response],
        backendRefs: [ref('consul'), ref('static')],
      },
      {
        name: 'moved',
        matches: [{ path: { value: '/moved' } }],
        filters: [
          request,
          response,
          {
            type: 'RequestRedirect',
            requestRedirect: { hostname: 'new.example', path: { replaceFullPath: '/new' } },
          },
        ],
      },
    ],
  }),
  document('Backend', 'consul', {
    ...backend,
    source: {
      consul: {
        service: 'app',
        tags: ['live'],
        datacenter: 'dc1',
        namespace: 'team',
        partition: 'part',
        filter: 'Service.Meta.version == "2"',
      },
    },
    onEmpty: { policy: 'Fallback', holdFor: '5m', fallbackRef: ref('static') },
    addresses: { allowedCIDRs: ['10.0.0.0/8'] },
  }),
  document('Backend', 'static', {
    ...backend,
    source: { static: { servers: [{ name: 'one', address: '10.0.0.9', port: 80 }] } },
  }),
  document('Certificate', 'site', { file: 'certs/site.pem', hostnames: ['*.example'] }),
  document('Certificate', 'list', { crtList: 'certs/list.txt' }),
  document('Userlist', 'operators', {
    users: [{ name: 'admin', passwordFrom: { file: 'secrets/admin.hash' }, groups: ['readers'] }],
  }),
]

type Schema = Readonly<Record<string, unknown>>

const NO_MANIFESTS = new Set(['common.schema.json', 'settings.schema.json', 'status.schema.json'])

/** `Backend spec/source/consul/service`: every text without a list of words, as the schemas have them. */
export const FREE_TEXTS: ReadonlySet<string> = new Set(
  [...readSchemas()]
    .filter(([file]) => !NO_MANIFESTS.has(file))
    .flatMap(([file, schema]) =>
      freeTexts(schema as Schema, file, []).map(
        (steps) => `${String((schema as Schema)['title'])} ${steps.join('/')}`,
      ),
    ),
)

function freeTexts(schema: Schema, file: string, steps: readonly string[]): string[][] {
  const { $ref, type, enum: words, const: word, properties, items, additionalProperties } = schema
  if (typeof $ref === 'string') return referred($ref, file, steps)
  if (type === 'string') return words === undefined && word === undefined ? [[...steps]] : []
  const inside: (readonly [step: string, schema: unknown])[] = [
    ...Object.entries((properties ?? {}) as Schema),
    ['*', items],
    ['*', additionalProperties],
  ]
  return inside.flatMap(([step, inner]) =>
    typeof inner === 'object' && inner !== null
      ? freeTexts(inner as Schema, file, [...steps, step])
      : [],
  )
}

function referred(reference: string, file: string, steps: readonly string[]): string[][] {
  const [name = '', pointer = ''] = reference.split('#')
  const target = name === '' ? file : name
  let found: unknown = readSchemas().get(target)
  for (const step of pointer.split('/').slice(1)) found = (found as Schema)[step]
  return freeTexts(found as Schema, target, steps)
}

export interface Field {
  readonly kind: string
  /** Steps from the document to the text. */
  readonly steps: readonly string[]
  /** The same without indexes and names of labels: `/spec/listeners/*`. */
  readonly pattern: string
  readonly document: number
}

/** Every text of the documents, but for the words that choose a form. */
export const FIELDS: readonly Field[] = DOCUMENTS.flatMap((made, i) =>
  textsIn(made, []).map((steps): Field => {
    const kind = String(made['kind'])
    return { kind, steps, pattern: patternOf(steps), document: i }
  }),
).filter(({ kind, pattern }) => FREE_TEXTS.has(`${kind} ${pattern}`))

function textsIn(value: unknown, steps: readonly string[]): string[][] {
  if (typeof value === 'string') return [[...steps]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...steps, key]))
}

function patternOf(steps: readonly string[]): string {
  return steps
    .map((step, i) =>
      /^\d+$/.test(step) || /^(labels|annotations)$/.test(steps[i - 1] ?? '') ? '*' : step,
    )
    .join('/')
}

/** The documents with another text in one place. */
export function withText({ document: index, steps }: Field, text: string): Document[] {
  return DOCUMENTS.map((made, i) => (i === index ? (put(made, steps, text) as Document) : made))
}

function put(value: unknown, [step, ...steps]: readonly string[], text: string): unknown {
  if (step === undefined) return text
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === step ? put(item, steps, text) : item))
  const object = value as Record<string, unknown>
  return { ...object, [step]: put(object[step], steps, text) }
}
