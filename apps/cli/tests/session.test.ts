import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { cli, temporaryFolder } from './_cli.ts'
import { type FakeServer, startFakeServer } from './_fake-server.ts'

const login = (server: FakeServer, home: string, password = 'right\n') =>
  cli(['login', server.url, '-u', 'ann', '--password-stdin'], { env: { XDG_CONFIG_HOME: home }, stdin: password })

const sessionPath = async (home: string) => {
  const folder = join(home, 'cairn', 'sessions')
  return join(folder, (await readdir(folder))[0] ?? '')
}

test('login keeps the session for its owner alone, logout forgets it', async () => {
  await using server = await startFakeServer()
  await using home = await temporaryFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  assert.equal((await login(server, home.path)).exit, 0)
  const path = await sessionPath(home.path)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal((await stat(join(home.path, 'cairn'))).mode & 0o777, 0o700)
  const who = await cli(['whoami', '--json'], { env })
  assert.deepEqual([who.exit, who.json()[0]?.['server']], [0, server.url])
  await cli(['logout'], { env })
  assert.deepEqual(await readdir(join(home.path, 'cairn', 'sessions')), [])
  assert.equal((await cli(['whoami'], { env })).exit, 3)
})

test('a wrong password is exit status 3 and leaves nothing', async () => {
  await using server = await startFakeServer()
  await using home = await temporaryFolder()
  assert.equal((await login(server, home.path, 'wrong')).exit, 3)
  assert.deepEqual(await readdir(home.path), [])
})

test('without a terminal or --password-stdin a password is not asked for', async () => {
  await using server = await startFakeServer()
  const result = await cli(['login', server.url, '-u', 'ann'])
  assert.equal(result.exit, 2)
  assert.match(result.stderr, /--password-stdin/)
})

test('parallel processes exchange a refresh token once', async () => {
  await using server = await startFakeServer()
  await using home = await temporaryFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  await login(server, home.path)
  server.tokens.clear()
  const results = await Promise.all(Array.from({ length: 8 }, () => cli(['whoami'], { env })))
  assert.deepEqual(
    results.map(({ exit }) => exit),
    Array(8).fill(0)
  )
  assert.equal(server.log.filter((line) => line.endsWith('/auth/refresh')).length, 1)
})

test('a session that the server ended is forgotten: exit status 3', async () => {
  await using server = await startFakeServer()
  await using home = await temporaryFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  await login(server, home.path)
  server.tokens.clear()
  server.refreshToken = 'another'
  assert.equal((await cli(['whoami'], { env })).exit, 3)
  assert.deepEqual(await readdir(join(home.path, 'cairn', 'sessions')), [])
})

test('tokens go only to the server that gave them', async () => {
  await using server = await startFakeServer()
  await using other = await startFakeServer()
  await using home = await temporaryFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  await login(server, home.path)
  assert.equal((await cli(['whoami', '--server', other.url], { env })).exit, 3)
  assert.deepEqual(other.log, [])
})

test('a damaged session file is named, not a crash', async () => {
  await using server = await startFakeServer()
  await using home = await temporaryFolder()
  await login(server, home.path)
  await writeFile(await sessionPath(home.path), '{"acc')
  const result = await cli(['whoami'], { env: { XDG_CONFIG_HOME: home.path } })
  assert.equal(result.exit, 1)
  assert.match(result.stderr, /is damaged; remove it/)
})

test('a lock whose holder died is taken over', async () => {
  await using server = await startFakeServer()
  await using home = await temporaryFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  await login(server, home.path)
  server.tokens.clear()
  const path = await sessionPath(home.path)
  // Beyond the largest process id.
  await writeFile(`${path}.lock`, '99999999 gone')
  assert.equal((await cli(['whoami'], { env })).exit, 0)
  assert.ok(!(await readFile(path, 'utf8')).includes('"access-0"'))
})
