/** A web server that says who it is: `node demo-backend.mjs NAME [PORT]`; prints its port. */
import { createServer } from 'node:http'

const [, , name = 'nobody', port = '0'] = process.argv
const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain')
  response.setHeader('x-server', name)
  response.end(
    request.url === '/health'
      ? 'ok\n'
      : `${name} answers ${request.headers.host}${request.url} (proto ${request.headers['x-forwarded-proto']})\n`,
  )
})
server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port))
process.on('disconnect', () => process.exit())
