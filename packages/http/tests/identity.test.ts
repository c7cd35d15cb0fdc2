import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { type HttpApp, hasScope, type Identity, requireAdmin, requireIdentity, requireScope } from '../src/index.ts'
import { startServer } from './_server.ts'

const identities: Readonly<Record<string, Identity>> = {
  ann: { userId: 'ann', credentialId: 's', credential: 'session', admin: false, scopes: ['*'] },
  root: { userId: 'root', credentialId: 's', credential: 'session', admin: true, scopes: ['*'] },
  reader: { userId: 'ann', credentialId: 'p', credential: 'app-password', admin: false, scopes: ['files:read'] },
  rootReader: { userId: 'root', credentialId: 'p', credential: 'app-password', admin: true, scopes: ['files:read'] }
}

const verifier = {
  verify: async ({ headers }: { headers: Record<string, unknown> }): Promise<Identity> => {
    const identity = identities[String(headers['x-test-as'])]
    if (identity === undefined) throw new CairnError('unauthenticated', 'no')
    return identity
  }
}

const addRoutes = (app: HttpApp): void => {
  app.get('/me', { onRequest: requireIdentity(verifier) }, async (request) => ({ id: request.identity.userId }))
  app.get('/late', { preHandler: requireIdentity(verifier) }, async (request) => ({ id: request.identity.userId }))
  app.put('/write', { onRequest: requireScope(verifier, 'files:write') }, async () => ({}))
  app.get('/admin', { onRequest: requireAdmin(verifier) }, async () => ({}))
  app.get('/open', async (request) => ({ id: request.identity.userId }))
}

const call = (origin: string, path: string, as: string, method = 'GET'): Promise<Response> =>
  fetch(`${origin}${path}`, { method, headers: { 'x-test-as': as } })

describe('callers', () => {
  test('are required, by onRequest or preHandler', async (t) => {
    const { origin } = await startServer(t, addRoutes)
    for (const path of ['/me', '/late']) {
      assert.deepEqual(await (await call(origin, path, 'ann')).json(), { id: 'ann' })
      const refused = await call(origin, path, 'nobody')
      assert.equal(refused.status, 401)
      assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="cairn"')
    }
  })

  test('SEC-030 a scoped credential does only what its scope says', async (t) => {
    const { origin } = await startServer(t, addRoutes)
    assert.equal((await call(origin, '/write', 'ann', 'PUT')).status, 200)
    const refused = await call(origin, '/write', 'reader', 'PUT')
    assert.equal(refused.status, 403)
    assert.equal(((await refused.json()) as { requiredScope: string }).requiredScope, 'files:write')
    assert.equal(hasScope({ scopes: ['files:*'] }, 'files:write'), true)
    assert.equal(hasScope({ scopes: ['files:*', 'file'] }, 'filesystem'), false)
    assert.equal(hasScope({ scopes: [] }, 'files:read'), false)
  })

  test('SEC-030 administration needs an administrator with an unrestricted credential', async (t) => {
    const { origin } = await startServer(t, addRoutes)
    const statuses = await Promise.all(
      ['root', 'ann', 'rootReader', 'nobody'].map(async (as) => (await call(origin, '/admin', as)).status)
    )
    assert.deepEqual(statuses, [200, 403, 403, 401])
  })

  test('a route that forgot to say who may call it fails closed', async (t) => {
    const { origin } = await startServer(t, addRoutes)
    assert.equal((await call(origin, '/open', 'ann')).status, 500)
  })

  test('an observer sees every identified request and may refuse it', async (t) => {
    const seen: string[] = []
    const { origin } = await startServer(t, addRoutes, {
      onIdentified: (_request, identity) => {
        seen.push(identity.userId)
        if (seen.length > 1) throw new CairnError('rate_limited', 'enough')
      }
    })
    assert.equal((await call(origin, '/me', 'ann')).status, 200)
    assert.equal((await call(origin, '/late', 'root')).status, 429)
    assert.deepEqual(seen, ['ann', 'root'])
  })
})
