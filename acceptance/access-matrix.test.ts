import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Access, makeThings, RULES, type Rule, randomThings, type Things } from './_access.ts'
import { Client, createUser, signIn, type User } from './_api.ts'
import { expectProblem, type Reply, withoutRequestId } from './_http.ts'
import { type Route, readRoutes } from './_openapi.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

/**
 * SEC-013, SEC-030, SEC-034: every operation × every kind of caller. Roles by sharing (readers, editors, link holders)
 * join this table when drives can be shared.
 */
const { server, admin } = await createWorld()
const routes = await readRoutes(new Client(server.url))
const anonymous = new Client(server.url)
const bearer = (token: string): Client => new Client(server.url, `Bearer ${token}`)
const newUser = (): Promise<User> => createUser(admin)

const owner = await newUser()
const stranger = await newUser()

const ruleOf = ({ label }: Route): Rule => RULES[label] ?? { access: 'admin' }

/** Sends the operation about these things. */
const call = (client: Client, route: Route, things: Things): Promise<Reply> => {
  const rule = ruleOf(route)
  const given: Readonly<Record<string, string>> = rule.path?.(things) ?? {}
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given[name] ?? things[name as keyof Things])
  const query = given['?path'] === undefined ? '' : `?path=${encodeURIComponent(given['?path'])}`
  const parents = route.label.startsWith('PUT /v1/drives/{drive}/files') ? '?parents=true' : ''
  return client.send({ method: route.method, path: `${path}${query}${parents}`, ...rule.request?.(things) })
}

/** A refusal by status; answers to HEAD have no document. */
const expectRefusal = (reply: Reply, status: number, who: string): void => {
  assert.equal(reply.status, status, `${reply.what} as ${who}: ${reply.status} ${reply.text}`)
  if (!reply.what.startsWith('HEAD')) expectProblem(reply, status)
}

const isGranted = ({ status }: Reply, rule: Rule): boolean =>
  (rule.statuses ?? [200, 201, 202, 204, 304]).includes(status)
const NEEDS_CREDENTIAL: readonly Access[] = ['any', 'read', 'write', 'session', 'admin']

test('SEC-013 every operation has a rule, and every rule an operation', () => {
  const labels = routes.map(({ label }) => label)
  assert.deepEqual(
    labels.filter((label) => !(label in RULES)),
    []
  )
  assert.deepEqual(
    Object.keys(RULES).filter((label) => !labels.includes(label)),
    []
  )
})

test('SEC-013 nobody, and every credential that is not valid any more: 401', async () => {
  const things = await makeThings(owner, 'GET /v1/drives')
  const gone = await newUser()
  const loggedOut = bearer((await signIn(server.url, owner.username, owner.password)).accessToken)
  await loggedOut.post('/v1/auth/logout')
  const goneApp = bearer((await gone.appPassword({ scopes: ['*'] })).secret)
  await admin.patch(`/v1/auth/admin/users/${gone.id}`, { disabled: true })
  const expiresAt = new Date(Date.now() + 1200).toISOString()
  const expired = bearer((await owner.appPassword({ scopes: ['*'], expiresAt })).secret)
  await waitFor('the app password expires', async () => (await expired.get('/v1/drives')).status === 401, 5000)
  const [head, payload] = owner.signIn.accessToken.split('.')
  const callers: Record<string, Client> = {
    anonymous,
    'garbage bearer': bearer('garbage'),
    'forged token': bearer(`${head}.${payload}.${'A'.repeat(86)}`),
    'unknown app password': bearer(`cairn_${'a'.repeat(49)}`),
    'account password by Basic': new Client(server.url, `Basic ${btoa(`${owner.username}:${owner.password}`)}`),
    'unknown scheme': new Client(server.url, 'Digest x'),
    'empty header': new Client(server.url, ''),
    'session that was logged out': loggedOut,
    'disabled user': gone,
    "disabled user's app password": goneApp,
    'expired app password': expired
  }
  for (const route of routes) {
    const { access } = ruleOf(route)
    for (const [who, client] of Object.entries(callers)) {
      const reply = await call(client, route, things)
      if (NEEDS_CREDENTIAL.includes(access)) expectRefusal(reply, 401, who)
      else assert.ok(reply.status < 500, `${route.label} as ${who}: ${reply.status}`)
    }
  }
})

test('SEC-034 what belongs to another answers as what does not exist, byte for byte', async () => {
  for (const route of routes) {
    const { access } = ruleOf(route)
    if (access === 'admin') {
      expectRefusal(await call(stranger, route, await makeThings(owner, route.label)), 403, 'another user')
      continue
    }
    // After the last one its caller is nobody any more.
    if (access === 'public' || access === 'operator' || route.label === 'POST /v1/auth/logout-all') continue
    const theirs = await makeThings(owner, route.label)
    const none = randomThings()
    const named = /\{/.test(route.path) || ['POST /v1/uploads'].includes(route.label)
    const variants: [Things, Things][] = [
      [theirs, none],
      [
        { ...theirs, drive: 'personal' },
        { ...none, drive: 'personal' }
      ]
    ]
    for (const [about, like] of variants) {
      const foreign = await call(stranger, route, about)
      const unknown = await call(stranger, route, like)
      for (const id of Object.values(theirs)) {
        if (id !== stranger.id) assert.ok(!foreign.text.includes(id), `${route.label} tells of ${id}`)
      }
      if (!named || isGranted(foreign, ruleOf(route))) {
        assert.equal(foreign.status, unknown.status, route.label)
        continue
      }
      assert.equal(withoutRequestId(foreign), withoutRequestId(unknown), route.label)
      if (about.drive !== 'personal' || /\{(node|id|version)\}/.test(route.path)) {
        assert.ok([404, 400].includes(foreign.status), `${route.label}: ${foreign.status} ${foreign.text}`)
      }
    }
    // It was there all the time, and nothing happened to it.
    const own = await call(owner, route, theirs)
    assert.ok(isGranted(own, ruleOf(route)), `${route.label} as its owner: ${own.status} ${own.text}`)
  }
})

test('SEC-030 a credential can do what its scopes say and never manages credentials', async () => {
  const user = await newUser()
  const reader = bearer((await user.appPassword({ scopes: ['files:read'] })).secret)
  const writer = bearer((await user.appPassword({ scopes: ['files:write'] })).secret)
  const everything = bearer((await user.appPassword({ scopes: ['*'] })).secret)
  const may: Record<string, { client: Client; granted: readonly Access[] }> = {
    'files:read': { client: reader, granted: ['any', 'read'] },
    'files:write': { client: writer, granted: ['any', 'write'] },
    '*': { client: everything, granted: ['any', 'read', 'write'] }
  }
  for (const route of routes) {
    const rule = ruleOf(route)
    if (rule.access === 'public' || rule.access === 'operator') continue
    let things = await makeThings(user, route.label)
    for (const [scope, { client, granted }] of Object.entries(may)) {
      const reply = await call(client, route, things)
      if (granted.includes(rule.access)) {
        assert.ok(isGranted(reply, rule), `${route.label} with ${scope}: ${reply.status} ${reply.text}`)
        if (scope !== '*' && rule.access === 'write') things = await makeThings(user, route.label)
      } else expectRefusal(reply, 403, scope)
    }
  }
})

test('SEC-013 administrators see accounts, not files', async () => {
  const things = await makeThings(owner, 'GET /v1/drives')
  for (const route of routes) {
    const { access } = ruleOf(route)
    if (access !== 'read' || !/\{(node|path)\}/.test(route.path)) continue
    const reply = await call(admin, route, things)
    assert.equal(reply.status, 404, `${route.label}: ${reply.status}`)
  }
})
