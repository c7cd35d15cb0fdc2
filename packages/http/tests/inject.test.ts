import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
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
  const seen: IncomingMessage[] = []
  app.addHook('onRequest', async (request, reply) => {
    seen.push(request.raw)
    return reply.code(403).send({})
  })
  app.post('/refused', async () => ({}))
  const reply = await app.inject({ method: 'POST', url: '/refused', payload: { a: 1 } })
  assert.equal(reply.statusCode, 403)
  const [raw] = seen
  assert.ok(raw)
  if (!raw.destroyed) await once(raw, 'close')
})
