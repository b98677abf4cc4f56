/** A Frontend with the HostRoutes attached to it, to a frontend section. */
import type { Manifests, Resource } from '../model/resource.ts'
import type { Bind, FrontendSection, HeaderChange, Redirect } from '../model/topology.ts'
import { durationMs } from './duration.ts'
import { defaultsName } from './defaults.ts'
import { filePath, refName, resolveRef, sectionName } from './names.ts'
import type { RoutedRule, TargetsOf } from './routes.ts'
import { hasCatchAll, routedRules, routeMaps } from './routes.ts'

export interface FrontendContext {
  readonly manifests: Manifests
  readonly filesRoot: string
  /** The name to send to for a Backend: its own, or its fallback's while it is empty. */
  readonly sendTo: (backend: Resource<'Backend'>) => string
}

export function frontendSection(
  frontend: Resource<'Frontend'>,
  context: FrontendContext,
): FrontendSection {
  const { spec } = frontend
  const rules = routedRules(routesOf(frontend, context.manifests))
  const isRouted = rules.length > 0 || spec.stats === undefined
  return {
    resource: frontend.id,
    name: sectionName(frontend),
    defaults: defaultsName(spec.defaultsRef, frontend, context.manifests),
    ...(spec.maxconn !== undefined && { maxconn: spec.maxconn }),
    binds: spec.listeners.map((listener) => bindOf(listener, frontend, context)),
    headers: [
      ...headerChanges(spec.filters),
      ...rules.flatMap((rule) => headerChanges(ruleSpec(rule).filters, rule.id)),
    ],
    redirects: rules.flatMap(redirectsOf),
    ...(isRouted && { routes: routeMaps(rules, targetsFor(context)) }),
    catchAll: hasCatchAll(rules),
    ...(spec.defaultBackendRef !== undefined && {
      defaultBackend: context.sendTo(
        resolveRef(context.manifests, 'Backend', spec.defaultBackendRef, frontend),
      ),
    }),
    ...(spec.stats !== undefined && { stats: statsOf(frontend, spec.stats) }),
  }
}

function routesOf(frontend: Resource<'Frontend'>, manifests: Manifests): Resource<'HostRoute'>[] {
  return manifests.HostRoute.filter((route) =>
    route.spec.parentRefs.some(
      (ref) =>
        ref.name === frontend.name && (ref.namespace ?? route.namespace) === frontend.namespace,
    ),
  )
}

type FrontendSpec = Resource<'Frontend'>['spec']
type RuleSpec = Resource<'HostRoute'>['spec']['rules'][number]

function ruleSpec(rule: RoutedRule): RuleSpec {
  const spec = rule.route.spec.rules[rule.index]
  if (spec === undefined) throw new Error(`${rule.id}: no such rule`)
  return spec
}

function targetsFor(context: FrontendContext): TargetsOf {
  return (rule) =>
    ruleSpec(rule).backendRefs.map((ref) => ({
      backend: context.sendTo(resolveRef(context.manifests, 'Backend', ref, rule.route)),
      weight: ref.weight,
    }))
}

function bindOf(
  listener: FrontendSpec['listeners'][number],
  frontend: Resource<'Frontend'>,
  context: FrontendContext,
): Bind {
  return {
    address: listener.address,
    port: listener.port,
    name: listener.name,
    acceptProxy: listener.acceptProxy === 'Always',
    ...(listener.protocol === 'HTTPS' &&
      listener.tls !== undefined && { tls: tlsOf(listener.tls, frontend, context) }),
  }
}

function tlsOf(
  tls: NonNullable<FrontendSpec['listeners'][number]['tls']>,
  frontend: Resource<'Frontend'>,
  context: FrontendContext,
): NonNullable<Bind['tls']> {
  const certificates = tls.certificateRefs.map(
    (ref) => resolveRef(context.manifests, 'Certificate', ref, frontend).spec,
  )
  const paths = (list: readonly (string | undefined)[]): string[] =>
    list.filter((p) => p !== undefined).map((p) => filePath(context.filesRoot, p))
  return {
    certificates: paths(certificates.map((c) => c.file)),
    crtLists: paths(certificates.map((c) => c.crtList)),
    ...(tls.minVersion !== undefined && { minVersion: tls.minVersion }),
    alpn: tls.alpn,
  }
}

function statsOf(
  frontend: Resource<'Frontend'>,
  stats: NonNullable<FrontendSpec['stats']>,
): NonNullable<FrontendSection['stats']> {
  return {
    uri: stats.path,
    ...(stats.refresh !== undefined && { refreshMs: durationMs(stats.refresh) }),
    realm: stats.realm,
    ...(stats.userlistRef !== undefined && { userlist: refName(stats.userlistRef, frontend) }),
    showNode: stats.showNode === 'Show',
  }
}

interface HeaderFilter {
  readonly type: string
  readonly requestHeaderModifier?: HeaderModifier
  readonly responseHeaderModifier?: HeaderModifier
}
interface HeaderModifier {
  readonly set: readonly { readonly name: string; readonly value: string }[]
  readonly add: readonly { readonly name: string; readonly value: string }[]
  readonly remove: readonly string[]
}

function headerChanges(filters: readonly HeaderFilter[], rule?: string): HeaderChange[] {
  return filters.flatMap((filter) => [
    ...modifierChanges('request', filter.requestHeaderModifier, rule),
    ...modifierChanges('response', filter.responseHeaderModifier, rule),
  ])
}

function modifierChanges(
  on: HeaderChange['on'],
  modifier: HeaderModifier | undefined,
  rule: string | undefined,
): HeaderChange[] {
  if (modifier === undefined) return []
  const scope = rule === undefined ? {} : { rule }
  return [
    ...modifier.remove.map((name): HeaderChange => ({ on, action: 'remove', name, ...scope })),
    ...modifier.set.map((h): HeaderChange => ({ on, action: 'set', ...h, ...scope })),
    ...modifier.add.map((h): HeaderChange => ({ on, action: 'add', ...h, ...scope })),
  ]
}

function redirectsOf(rule: RoutedRule): Redirect[] {
  return ruleSpec(rule).filters.flatMap((filter) => {
    const redirect = filter.requestRedirect
    if (redirect === undefined) return []
    const { scheme, hostname, port, path, statusCode } = redirect
    return [
      {
        rule: rule.id,
        status: statusCode,
        ...(scheme !== undefined && { scheme }),
        ...(hostname !== undefined && { hostname }),
        ...(port !== undefined && { port }),
        ...(path !== undefined && { path: path.replaceFullPath }),
      },
    ]
  })
}
