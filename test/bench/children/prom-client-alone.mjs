// What prom-client alone needs: a text of metrics goes in as a message, a server that prints the same series comes out.
import { createServer } from 'node:http'
import { Gauge, Registry } from 'prom-client'

process.once('message', (text) => {
  const registry = registryOf(text)
  const server = createServer(async (_, response) => {
    const body = await registry.metrics()
    response.setHeader('Content-Type', registry.contentType)
    response.end(body)
  })
  server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
})

/** A gauge a name, whatever the type: a histogram is printed as that many series. */
function registryOf(text) {
  const registry = new Registry()
  const gauges = new Map()
  for (const [, name, inBraces = '', value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const labels = Object.fromEntries(
      [...inBraces.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, of]) => [label, of]),
    )
    const gauge =
      gauges.get(name) ??
      new Gauge({
        name,
        help: 'As many words as are said of a metric.',
        labelNames: Object.keys(labels),
        registers: [registry],
      })
    gauges.set(name, gauge)
    gauge.set(labels, Number(value))
  }
  return registry
}
