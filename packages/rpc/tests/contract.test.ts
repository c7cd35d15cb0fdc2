import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { AuthService, CairnError, StorageService } from '@cairn/contracts'
import { createLogger, createTracing, currentTraceparent, withSpan } from '@cairn/runtime'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import { bindRpc, callFor, createClient, createRpcRegistry } from '../src/index.ts'
import { type Connect, TRANSPORTS } from './_transports.ts'

type CheckSession = ServiceImpl<typeof AuthService>['checkSession']

for (const [name, connect] of Object.entries(TRANSPORTS)) {
  describe(`RPC over the ${name} transport`, () => {
    test('hands over the request and the answer', async (t) => {
      const { client } = await serve(t, connect, (request) => {
        assert.equal(request.userId, 'u1')
        assert.equal(request.$typeName, 'cairn.auth.v1.CheckSessionRequest')
        return { active: true, maxAgeSeconds: 30 }
      })
      const response = await client.checkSession({ userId: 'u1', sessionId: 's1' })
      assert.equal(response.active, true)
      assert.equal(response.maxAgeSeconds, 30)
      assert.equal(response.admin, false)
      assert.equal(response.$typeName, 'cairn.auth.v1.CheckSessionResponse')
    })

    test('an error keeps its code, message, details and retryAfter, but not its cause', async (t) => {
      const { client, log } = await serve(t, connect, () => {
        throw new CairnError('rate_limited', 'Zu viele Anfragen: ☕', {
          details: { scope: 'ip', limit: 5, hard: true, note: 'ä%' },
          retryAfter: 12,
          cause: new Error('secret cause')
        })
      })
      const error = await failure(client.checkSession({}))
      assert.ok(error instanceof CairnError)
      assert.equal(error.code, 'rate_limited')
      assert.equal(error.message, 'Zu viele Anfragen: ☕')
      assert.deepEqual(error.details, { scope: 'ip', limit: 5, hard: true, note: 'ä%' })
      assert.equal(error.retryAfter, 12)
      assert.equal(error.cause, undefined)
      assert.ok(log.some((line) => line.err?.message === 'Zu viele Anfragen: ☕'))
    })

    test('an unexpected error is logged there and `internal` here', async (t) => {
      const { client, log } = await serve(t, connect, () => {
        throw new TypeError('connection string postgres://u:hunter2@db')
      })
      const error = await failure(client.checkSession({}))
      assert.ok(error instanceof CairnError)
      assert.equal(error.code, 'internal')
      assert.doesNotMatch(JSON.stringify({ ...error, message: error.message, cause: String(error.cause) }), /hunter2/)
      assert.ok(log.some((line) => line.level === 'error' && line.err?.message.includes('hunter2')))
    })

    test('the deadline ends the call, and the handler is told', async (t) => {
      const told = Promise.withResolvers<boolean>()
      const { client } = await serve(t, connect, (_request, { signal }) => {
        signal.addEventListener('abort', () => told.resolve(true))
        return told.promise.then(() => Promise.reject(signal.reason))
      })
      const error = await failure(client.checkSession({}, { timeoutMs: 50 }))
      assert.ok(error instanceof CairnError)
      assert.equal(error.code, 'deadline_exceeded')
      assert.equal(await told.promise, true)
    })

    test('a caller that gives up gets its own reason, and the handler is told', async (t) => {
      const entered = Promise.withResolvers<void>()
      const told = Promise.withResolvers<boolean>()
      const { client } = await serve(t, connect, (_request, { signal }) => {
        signal.addEventListener('abort', () => told.resolve(true))
        entered.resolve()
        return told.promise.then(() => Promise.reject(signal.reason))
      })
      const caller = new AbortController()
      const reason = new Error('the client has gone')
      const pending = failure(client.checkSession({}, { signal: caller.signal }))
      await entered.promise
      caller.abort(reason)
      assert.equal(await pending, reason)
      assert.equal(await told.promise, true)
    })

    test('a signal that is aborted already stops the call before it begins', async (t) => {
      const { client } = await serve(t, connect, () => ({ active: true }))
      const reason = new Error('too late')
      assert.equal(await failure(client.checkSession({}, { signal: AbortSignal.abort(reason) })), reason)
    })

    test('a trace continues on the other side', async (t) => {
      const tracing = await createTracing({
        serviceName: 'test',
        logger: createLogger({ level: 'silent' }),
        exporter: NO_EXPORT
      })
      t.after(() => tracing.shutdown())
      const seen: (string | undefined)[] = []
      const { client } = await serve(t, connect, async (_request, context) => {
        seen.push(currentTraceparent())
        assert.notEqual(context.requestHeader.get('traceparent'), null)
        return { active: true }
      })
      const outer = await withSpan('outer', {}, async () => {
        await client.checkSession({})
        return currentTraceparent()
      })
      const traceId = (traceparent: string | undefined): string | undefined => traceparent?.split('-')[1]
      assert.notEqual(traceId(outer), undefined)
      assert.equal(traceId(seen[0]), traceId(outer))
      assert.notEqual(seen[0], outer)
    })

    test('headers travel, the request id among them', async (t) => {
      const { client } = await serve(t, connect, (_request, { requestHeader }) => {
        assert.equal(requestHeader.get('x-request-id'), 'r-1')
        return { active: true }
      })
      await client.checkSession({}, callFor({ id: 'r-1', signal: new AbortController().signal }))
    })

    test('a contract that is not bound is unavailable, not a crash', async (t) => {
      const registry = createRpcRegistry()
      const { transport } = await connect(t, registry)
      const error = await failure(createClient(StorageService, transport).seal({}))
      assert.ok(error instanceof CairnError)
      assert.equal(error.code, 'unavailable')
    })

    if (name !== 'grpc') {
      test('a contract bound after the first call is found', async (t) => {
        const registry = createRpcRegistry()
        const { transport } = await connect(t, registry)
        await failure(createClient(StorageService, transport).seal({}))
        const late: Partial<ServiceImpl<typeof AuthService>> = { checkSession: async () => ({ active: true }) }
        registry.bind(bindRpc(AuthService, late as ServiceImpl<typeof AuthService>))
        assert.equal((await createClient(AuthService, transport).checkSession({})).active, true)
      })
    }

    test('a method that is not implemented is unavailable', async (t) => {
      const { client } = await serve(t, connect, () => ({ active: true }))
      const error = await failure(client.verifyAppPassword({}))
      assert.ok(error instanceof CairnError)
      assert.equal(error.code, 'unavailable')
    })

    test('many calls at once each get their own answer', async (t) => {
      const { client } = await serve(t, connect, async (request) => {
        await new Promise((resolve) => setImmediate(resolve))
        return { active: true, maxAgeSeconds: Number(request.userId) }
      })
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) => client.checkSession({ userId: String(index) }))
      )
      assert.deepEqual(
        answers.map((answer) => answer.maxAgeSeconds),
        Array.from({ length: 200 }, (_, index) => index)
      )
    })

    test('`this` of an implementation is the implementation', async (t) => {
      const registry = createRpcRegistry()
      const service = {
        limit: 9,
        async checkSession(this: { limit: number }) {
          return { active: true, maxAgeSeconds: this.limit }
        }
      }
      registry.bind(bindRpc(AuthService, service as unknown as ServiceImpl<typeof AuthService>))
      const { transport } = await connect(t, registry)
      assert.equal((await createClient(AuthService, transport).checkSession({})).maxAgeSeconds, 9)
    })
  })
}

const NO_EXPORT = {
  export: (_spans: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
  shutdown: () => Promise.resolve()
}

const serve = async (
  t: TestContext,
  connect: Connect,
  checkSession: (...args: Parameters<CheckSession>) => ReturnType<CheckSession>
) => {
  const registry = createRpcRegistry()
  const implementation: Partial<ServiceImpl<typeof AuthService>> = {
    checkSession: (request, context: HandlerContext) => checkSession(request, context)
  }
  registry.bind(bindRpc(AuthService, implementation as ServiceImpl<typeof AuthService>))
  const { transport, log } = await connect(t, registry)
  return { client: createClient(AuthService, transport), log }
}

const failure = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call
  } catch (error) {
    return error
  }
  return assert.fail('the call succeeded')
}
