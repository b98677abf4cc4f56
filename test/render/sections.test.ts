/** The text of each kind of section, as it is to be read by people. */
import { describe, expect, test } from 'vitest'
import { findHaproxy } from '../tools/binaries.ts'
import { aBackend, aFrontend, aFullTopology, aTopology, bundleOf, sectionOf } from './sample.ts'
import { checkWith } from './site.ts'

const haproxy = await findHaproxy({ fetch: true })

describe('sections as an administrator would write them', () => {
  const bundle = bundleOf(aFullTopology())

  test('global', () => {
    expect(sectionOf(bundle, 'global')).toEqual([
      'global',
      '    user nobody',
      '    maxconn 4096',
      '    nbthread 2',
      '    hard-stop-after 10m',
      '    noreuseport',
      '    stats socket /run/haproxy/legate.sock mode 600 level admin',
      '    log 127.0.0.1:514 local0 notice',
      '    log [2001:db8::5]:514 local1',
      '    log /dev/log daemon',
      '    log stdout format raw local0',
      '    ssl-default-bind-options ssl-min-ver TLSv1.2',
      '    ssl-default-bind-ciphers ECDHE+AESGCM:!aNULL',
      '    ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256',
      `    set-var proc.legate_structure str(${bundle.structure})`,
    ])
  })

  test('defaults', () => {
    expect(sectionOf(bundle, 'defaults web')).toEqual([
      'defaults web',
      '    mode http',
      '    log global',
      '    maxconn 2000',
      '    option httplog',
      '    option dontlognull',
      '    option redispatch',
      '    option idle-close-on-response',
      '    retries 3',
      '    timeout connect 5s',
      '    timeout client 50s',
      '    timeout server 50s',
    ])
  })

  test('userlist', () => {
    expect(sectionOf(bundle, 'userlist admins')).toEqual([
      'userlist admins',
      '    group ops users bob,eve@farmer.io',
      "    user bob password '$5$salt$0123456789abcdef'",
      "    user eve@farmer.io password '$6$salt$fedcba9876543210'",
    ])
  })

  test('frontend', () => {
    const lines = sectionOf(bundle, 'frontend http')
    const map = (part: string): string =>
      bundle.files.find(({ name }) => name === `http-${part}.map`)?.path ?? ''
    const ours = '{ var(txn.legate_rule) -m str --'
    expect(lines).toEqual([
      'frontend http from web',
      '    maxconn 1000',
      '    bind *:8080 name http accept-proxy',
      '    bind [::1]:8080 name six',
      '    http-request set-var(txn.legate_host) req.hdr(host),host_only,lower,rtrim(.)',
      `    http-request set-var(txn.legate_site) var(txn.legate_host),map_str(${map('hosts')})`,
      `    http-request set-var(txn.legate_site) var(txn.legate_host),map_end(${map('wildcards')}) unless { var(txn.legate_site) -m found }`,
      '    http-request set-var(txn.legate_site) str(*) unless { var(txn.legate_site) -m found }',
      '    http-request set-var(txn.legate_path) path',
      `    http-request set-var(txn.legate_rule) var(txn.legate_site),concat(,txn.legate_path),map_str(${map('exact')})`,
      `    http-request set-var(txn.legate_rule) var(txn.legate_site),concat(,txn.legate_path,/),map_beg(${map('prefix')}) unless { var(txn.legate_rule) -m found }`,
      '    http-request set-var(txn.legate_bucket) rand(1000),add(1000)',
      `    http-request set-var(txn.legate_backend) var(txn.legate_rule),concat(/,txn.legate_bucket),map_beg(${map('targets')})`,
      '    http-request set-header X-Forwarded-Proto http',
      `    http-response del-header Server if ${ours} default/web/0 }`,
      `    http-response add-header X-Note '50%% of "it"' if ${ours} default/web/0 }`,
      `    http-request redirect code 301 location https://%[var(txn.legate_host)]:8443%[pathq] if ${ours} default/web/0 }`,
      `    http-request redirect code 302 location http://farmer.io/100%% if ${ours} default/web/1 }`,
      '    use_backend web unless { var(txn.legate_rule) -m found }',
      '    use_backend %[var(txn.legate_backend)] if { var(txn.legate_backend) -m found }',
      '    default_backend legate_unrouted',
    ])
  })

  test('stats', () => {
    expect(sectionOf(bundle, 'frontend stats')).toEqual([
      'frontend stats from web',
      '    bind 127.0.0.1:8404 name stats',
      String.raw`    http-request auth realm 'Farm \"A\"' unless { http_auth(admins) }`,
      '    stats enable',
      '    stats uri /',
      '    stats hide-version',
      '    stats refresh 10s',
      '    stats show-node',
    ])
  })

  test('backend', () => {
    expect(sectionOf(bundle, 'backend api')).toEqual([
      'backend api from web',
      '    balance roundrobin',
      '    option httpchk',
      '    http-check send meth GET uri /health ver HTTP/1.1 hdr Host api.farmer.io',
      '    http-check expect status 200-399',
      '    retries 1',
      '    timeout server 10s',
      '    timeout check 1500ms',
      '    default-server check inter 2s rise 2 fall 3 port 8081 maxconn 10',
      '    server i-0123456789ab 10.0.0.1:8080 weight 100 id 119815',
      '    server i-ba9876543210 [2001:db8::1]:8080 weight 1 id 702680',
    ])
    expect(sectionOf(bundle, 'backend team.web')).toEqual([
      'backend team.web from web',
      '    balance hdr(X-User)',
      '    hash-type consistent',
      '    default-server check inter 2s rise 2 fall 3',
    ])
  })

  test('a listener with TLS', () => {
    const tls = {
      certificates: ['/c/a.pem', '/c/b.pem'],
      crtLists: ['/c/l.txt'],
      alpn: ['h2', 'http/1.1'],
    }
    const frontend = aFrontend({
      binds: [
        { address: '127.0.0.1', port: 8443, name: 'a', acceptProxy: false, tls },
        {
          address: '127.0.0.1',
          port: 8444,
          name: 'b',
          acceptProxy: true,
          tls: { certificates: ['/c/a.pem'], crtLists: [], minVersion: 'TLSv1.3', alpn: [] },
        },
      ],
    })
    const lines = sectionOf(bundleOf(aTopology({ frontends: [frontend] })), 'frontend http')
    expect(lines.slice(1, 3)).toEqual([
      '    bind 127.0.0.1:8443 name a ssl crt /c/a.pem crt /c/b.pem crt-list /c/l.txt alpn h2,http/1.1',
      '    bind 127.0.0.1:8444 name b accept-proxy ssl crt /c/a.pem ssl-min-ver TLSv1.3',
    ])
  })

  test('a server under a host name is resolved when HAProxy starts, or stays down', () => {
    const servers = [{ name: 'a', address: 'db.farmer.io', port: 80, weight: 1 }]
    const lines = sectionOf(
      bundleOf(aTopology({ backends: [aBackend({ servers })] })),
      'backend api',
    )
    expect(lines.at(-1)).toBe('    server a db.farmer.io:80 weight 1 id 495036 init-addr libc,none')
  })

  test('a redirect that keeps the scheme asks for it only where both are spoken', () => {
    const redirects = [{ rule: 'a/b/0', status: 301, hostname: 'x.io', port: 443 }] as const
    const plain = { address: '127.0.0.1', port: 8080, name: 'a', acceptProxy: false }
    const tls = {
      ...plain,
      port: 8443,
      tls: { certificates: ['/c.pem'], crtLists: [], alpn: [] },
    }
    const linesFor = (binds: Parameters<typeof aFrontend>[0] & object): string[] =>
      sectionOf(
        bundleOf(aTopology({ frontends: [aFrontend({ ...binds, redirects })] })),
        'frontend http',
      )
        .filter((line) => line.includes(' redirect '))
        .map((line) => line.replace(/^.* location /, ''))
    const rule = '{ var(txn.legate_rule) -m str -- a/b/0 }'
    expect(linesFor({ binds: [tls] })).toEqual([`https://x.io%[pathq] if ${rule}`])
    expect(linesFor({ binds: [plain] })).toEqual([`http://x.io:443%[pathq] if ${rule}`])
    expect(linesFor({ binds: [plain, tls] })).toEqual([
      `https://x.io%[pathq] if ${rule} { ssl_fc }`,
      `http://x.io:443%[pathq] if ${rule} !{ ssl_fc }`,
    ])
  })

  test('without a default backend what no rule matches is a 404', () => {
    expect(sectionOf(bundleOf(aTopology()), 'frontend http')).toContain(
      '    http-request return status 404 default-errorfiles unless { var(txn.legate_rule) -m found }',
    )
  })
})

test.skipIf(haproxy === undefined)(
  'the real HAProxy has nothing to say against any of it',
  async () => {
    const answer = await checkWith(haproxy ?? '', aFullTopology())
    expect(answer).toBe('Configuration file is valid')
  },
)
