/** A web server that says who it is: `node demo-backend.mjs NAME`; prints its port. */
import { createServer } from 'node:http'

const name = process.argv[2] ?? 'nobody'
const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain')
  response.end(
    request.url === '/health'
      ? 'ok\n'
      : `${name} answers ${request.headers.host}${request.url} (proto ${request.headers['x-forwarded-proto']})\n`,
  )
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.on('disconnect', () => process.exit())
