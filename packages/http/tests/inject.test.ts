import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger, createMetrics, createSystemRandom } from '@cairn/runtime'
import { createHttpServer } from '../src/index.ts'

test('a body that nobody reads is dropped after a while, without a socket too', async (t) => {
  const app = createHttpServer({
    logger: createLogger({ level: 'silent' }),
    metrics: createMetrics(),
    random: createSystemRandom(),
    limits: { lingerTimeout: 1 }
  })
  t.after(() => app.close())
  const dropped = Promise.withResolvers<void>()
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request
    raw.destroy = () => {
      dropped.resolve()
      return raw
    }
    return reply.code(403).send({})
  })
  app.post('/refused', async () => ({}))
  const reply = await app.inject({ method: 'POST', url: '/refused', payload: { a: 1 } })
  assert.equal(reply.statusCode, 403)
  // The server's own timer does not keep a process alive.
  const alive = setInterval(() => undefined, 1000)
  await dropped.promise.finally(() => clearInterval(alive))
})
