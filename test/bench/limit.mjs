// The bare limit: one blocking query a service and one runtime command a change, and nothing else.
// node limit.mjs CONSUL_HTTP_ADDRESS STATS_SOCKET SERVICES
import { Agent, get } from 'node:http'
import { connect } from 'node:net'

const [consul = '', socketPath = '', services = '0'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
let started = 0
for (let i = 0; i < Number(services); i += 1) void follow(`s${i}`)

async function follow(service) {
  const ports = new Map()
  let index = 0
  for (;;) {
    const answer = await ask(`${consul}/v1/health/service/${service}?index=${index}&wait=55s`)
    const isFirst = index === 0
    index = answer.index
    for (const { Node, Service } of answer.body) {
      if (!isFirst && ports.get(Service.ID) !== Service.Port)
        command(`set server ${service}/${Service.ID} addr ${Node.Address} port ${Service.Port}`)
      ports.set(Service.ID, Service.Port)
    }
    if (isFirst && ++started === Number(services)) process.stdout.write('following\n')
  }
}

function ask(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          index: Number(response.headers['x-consul-index']),
          body: JSON.parse(Buffer.concat(chunks)),
        }),
      )
    }).on('error', reject)
  })
}

function command(text) {
  const socket = connect(socketPath, () => socket.end(`${text}\n`))
  socket.resume()
}
