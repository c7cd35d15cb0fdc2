import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AuthService, CairnError } from '@cairn/contracts'
import { createLogger, createMetrics, createSystemClock } from '@cairn/runtime'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  bindRpc,
  createClient,
  createGrpcServer,
  createGrpcTransport,
  createLocalTransport,
  createRoutingTransport,
  createRpcInterceptors,
  createRpcRegistry
} from '../src/index.ts'

const interceptors = createRpcInterceptors({ logger: createLogger({ level: 'silent' }), metrics: createMetrics() })
const clock = createSystemClock()
const key = Buffer.alloc(32, 1)

const authRegistry = () => {
  const registry = createRpcRegistry()
  const refuse = () => Promise.reject(new CairnError('unauthenticated', 'no'))
  registry.bind(
    bindRpc(AuthService, {
      checkSession: async () => ({ active: true }),
      getVerificationKeys: refuse,
      verifyAppPassword: refuse
    })
  )
  return registry
}

const checkSession = (url: string, secret?: { key: Uint8Array; clock: typeof clock }) => {
  const { transport, close } = createGrpcTransport({ interceptors, url, ...(secret === undefined ? {} : { secret }) })
  return createClient(AuthService, transport).checkSession({}).finally(close)
}

test('SEC-037 a service port refuses calls without a fresh signature of this installation', async (t) => {
  const server = await createGrpcServer(authRegistry(), {
    interceptors,
    host: '127.0.0.1',
    port: 0,
    secret: { key, clock }
  })
  t.after(() => server.close(AbortSignal.timeout(1000)))
  const url = `http://127.0.0.1:${server.port}`
  assert.equal((await checkSession(url, { key, clock })).active, true)
  const stale = { ...clock, now: () => clock.now() - 120_000 }
  for (const secret of [undefined, { key: Buffer.alloc(32, 2), clock }, { key, clock: stale }]) {
    await assert.rejects(checkSession(url, secret), (error: CairnError) => error.code === 'internal')
  }
})

test('a peer that is away is `unavailable` with a time to retry', async () => {
  const server = await createGrpcServer(authRegistry(), { interceptors, host: '127.0.0.1', port: 0 })
  await server.close()
  await assert.rejects(checkSession(`http://127.0.0.1:${server.port}`), (error: CairnError) => {
    assert.equal(error.code, 'unavailable')
    assert.equal(error.retryAfter, 1)
    return true
  })
})

test('a closing server finishes the calls it has', async () => {
  const registry = createRpcRegistry()
  const entered = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const implementation: Partial<ServiceImpl<typeof AuthService>> = {
    checkSession: async () => {
      entered.resolve()
      await release.promise
      return { active: true }
    }
  }
  registry.bind(bindRpc(AuthService, implementation as ServiceImpl<typeof AuthService>))
  const server = await createGrpcServer(registry, { interceptors, host: '127.0.0.1', port: 0 })
  const call = checkSession(`http://127.0.0.1:${server.port}`)
  await entered.promise
  const closed = server.close(AbortSignal.timeout(5000))
  release.resolve()
  assert.equal((await call).active, true)
  await closed
})

test('calls go to this process when the contract is bound here, else to its peer', async (t) => {
  const server = await createGrpcServer(authRegistry(), { interceptors, host: '127.0.0.1', port: 0 })
  const remote = createGrpcTransport({ interceptors, url: `http://127.0.0.1:${server.port}` })
  t.after(async () => {
    remote.close()
    await server.close(AbortSignal.timeout(1000))
  })
  const registry = createRpcRegistry()
  const local = createLocalTransport(registry, { interceptors })
  const client = createClient(
    AuthService,
    createRoutingTransport({
      registry,
      local,
      remote: (name) => (name === AuthService.typeName ? remote.transport : undefined)
    })
  )
  assert.equal((await client.checkSession({})).maxAgeSeconds, 0)
  const here: Partial<ServiceImpl<typeof AuthService>> = {
    checkSession: async () => ({ active: true, maxAgeSeconds: 5 })
  }
  registry.bind(bindRpc(AuthService, here as ServiceImpl<typeof AuthService>))
  assert.equal((await client.checkSession({})).maxAgeSeconds, 5)
})

test('a contract is bound once', () => {
  const registry = authRegistry()
  assert.throws(
    () => registry.bind({ service: AuthService, implementation: {} }),
    /cairn.auth.v1.AuthService is bound twice/
  )
})

test('a connection that breaks during a call fails that call only', async (t) => {
  const registry = createRpcRegistry()
  let calls = 0
  const entered = Promise.withResolvers<void>()
  const implementation: Partial<ServiceImpl<typeof AuthService>> = {
    checkSession: (_request, { signal }) => {
      calls += 1
      if (calls > 1) return { active: true }
      entered.resolve()
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
  }
  registry.bind(bindRpc(AuthService, implementation as ServiceImpl<typeof AuthService>))
  const first = await createGrpcServer(registry, { interceptors, host: '127.0.0.1', port: 0 })
  const remote = createGrpcTransport({ interceptors, url: `http://127.0.0.1:${first.port}` })
  const client = createClient(AuthService, remote.transport)
  const call = client.checkSession({})
  await entered.promise
  const broken = assert.rejects(call, (error: CairnError) => error.code === 'unavailable')
  await first.close(AbortSignal.abort())
  await broken
  const second = await createGrpcServer(registry, { interceptors, host: '127.0.0.1', port: first.port })
  t.after(async () => {
    remote.close()
    await second.close(AbortSignal.timeout(1000))
  })
  assert.equal((await client.checkSession({})).active, true)
})
