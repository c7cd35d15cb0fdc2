import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTemporaryFolder, waitFor } from '@cairn/testing'
import { EmbeddedPostgresError } from '../src/embedded/index.ts'
import { isAlive } from '../src/embedded/process-identity.ts'
import { ask, createEmbeddedWorld } from './_embedded.ts'

const unix = { skip: process.platform === 'win32' ? 'signals and sockets differ' : false }

interface Report {
  readonly url?: string
  readonly pid?: number
  readonly error?: string
  readonly code?: string
}

/** The server in another process of ours. */
const startElsewhere = async (folder: string) => {
  const child: ChildProcess = fork(new URL('./_embedded-process.ts', import.meta.url), [folder])
  const exited = once(child, 'exit')
  const report = once(child, 'message').then(([message]) => message as Report)
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { report, kill, [Symbol.asyncDispose]: kill }
}

test('data survives a stop and a start, which takes less than a second', unix, async () => {
  await using world = await createEmbeddedWorld()
  const first = await world.start()
  await ask(first.url, 'create table kept (n int); insert into kept values (42)')
  await first.stop()
  assert.equal(first.state, 'stopped')
  await assert.rejects(ask(first.url, 'select 1'))

  const started = performance.now()
  const second = await world.start()
  // One second is the goal on an idle machine; tests share theirs.
  assert.ok(performance.now() - started < 5_000)
  assert.equal(second.url, first.url)
  assert.deepEqual(await ask(second.url, 'select n from kept'), [{ n: 42 }])
})

test('the server is durable, modest, reachable through its private socket only, and speaks UTF-8', unix, async () => {
  await using world = await createEmbeddedWorld()
  const { url } = await world.start({ durable: true })
  const [settings] = await ask(
    url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('listen_addresses') as addresses, current_setting('shared_buffers') as buffers,
       current_setting('data_checksums') as checksums, current_setting('jit') as jit,
       current_setting('server_encoding') as encoding, lower('ÄÉ') as lower, 'a' < 'B' as dictionary_order`
  )
  assert.deepEqual(settings, {
    fsync: 'on',
    commit: 'on',
    addresses: '',
    buffers: '64MB',
    checksums: 'on',
    jit: 'off',
    encoding: 'UTF8',
    lower: 'äé',
    dictionary_order: false
  })
  const socketFolder = new URL(url).searchParams.get('host') ?? ''
  assert.equal((await stat(socketFolder)).mode & 0o777, 0o700)
  await assert.rejects(ask(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1'), /password authentication failed/)
  const password = new URL(url).password
  assert.ok(world.log.records.every((record) => !JSON.stringify(record).includes(password)))
})

test(
  'a postmaster killed with kill -9 is started again at the same address, with everything committed',
  unix,
  async () => {
    await using world = await createEmbeddedWorld()
    const server = await world.start({ durable: true })
    await ask(server.url, 'create table kept (n int)')
    await ask(server.url, 'insert into kept select generate_series(1, 1000)')
    const killed = server.pid ?? 0
    process.kill(killed, 'SIGKILL')
    await waitFor(() => server.state === 'restarting')
    await waitFor(() => server.state === 'ready', { timeout: 20_000 })
    assert.notEqual(server.pid, killed)
    assert.deepEqual(await ask(server.url, 'select count(*)::int as n from kept'), [{ n: 1000 }])
    assert.ok(world.log.records.some(({ msg }) => msg?.includes('ended by itself')))
  }
)

test('a backend that crashes costs the sessions, not the server', unix, async () => {
  await using world = await createEmbeddedWorld()
  const server = await world.start()
  const { pid } = server
  await assert.rejects(ask(server.url, "copy (select 1) to program 'kill -9 $PPID'"))
  await waitFor(
    () =>
      ask(server.url, 'select 1').then(
        () => true,
        () => false
      ),
    { timeout: 20_000 }
  )
  assert.equal(server.pid, pid)
})

test('a server orphaned by kill -9 of its process is stopped and replaced, data intact', unix, async () => {
  await using world = await createEmbeddedWorld()
  await using elsewhere = await startElsewhere(world.folder)
  const { url = '', pid = 0 } = await elsewhere.report
  await ask(url, 'create table kept (n int); insert into kept values (7)')
  await elsewhere.kill()
  assert.ok(await isAlive(pid), 'the orphan lives on')
  const server = await world.start()
  assert.equal(await isAlive(pid), false)
  assert.deepEqual(await ask(server.url, 'select n from kept'), [{ n: 7 }])
})

test('two processes on one data folder: the second is refused and the first is not disturbed', unix, async () => {
  await using world = await createEmbeddedWorld()
  const server = await world.start()
  await assert.rejects(
    world.start(),
    (error) =>
      error instanceof EmbeddedPostgresError && error.code === 'in_use' && /in use by process/.test(error.message)
  )
  await using elsewhere = await startElsewhere(world.folder)
  assert.equal((await elsewhere.report).code, 'in_use')
  await elsewhere.kill()
  assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
  assert.equal((await readdir(join(world.folder, 'locks'))).filter((name) => name.endsWith('.json')).length, 1)
})

test('a process killed while it creates the database leaves nothing that is taken for one', unix, async () => {
  await using world = await createEmbeddedWorld()
  await using elsewhere = await startElsewhere(world.folder)
  await waitFor(async () => (await list(world.folder)).some((name) => name.includes('.initialising-')), { interval: 1 })
  await elsewhere.kill()
  assert.ok(!(await list(world.folder)).includes('cluster-18'))
  const server = await world.start()
  assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
  assert.deepEqual(
    (await list(world.folder)).filter((name) => name.includes('initialising')),
    []
  )
})

test('postmaster.pid naming a stranger’s process is cleared away, and the stranger left alone', unix, async () => {
  await using world = await createEmbeddedWorld()
  await (await world.start()).stop()
  const cluster = join(world.folder, 'cluster-18')
  await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n`)
  const server = await world.start()
  assert.equal(server.state, 'ready')
})

test('a deep data folder works: the socket goes where its path is short enough', unix, async () => {
  await using home = await createTemporaryFolder('deep')
  await using world = await createEmbeddedWorld()
  const deep = join(home.path, 'a'.repeat(60), 'b'.repeat(60))
  await mkdir(deep, { recursive: true, mode: 0o755 })
  const server = await world.start({ folder: join(deep, 'database') })
  const socketFolder = new URL(server.url).searchParams.get('host') ?? ''
  assert.ok(Buffer.byteLength(socketFolder) < 90)
  await server.stop()
  await assert.rejects(stat(socketFolder), /ENOENT/)
})

test('a cluster of another PostgreSQL version is refused, not touched', unix, async () => {
  await using world = await createEmbeddedWorld()
  await (await world.start()).stop()
  const version = join(world.folder, 'cluster-18', 'PG_VERSION')
  const original = await readFile(version, 'utf8')
  await writeFile(version, '17\n')
  await assert.rejects(world.start(), /made by PostgreSQL 17/)
  await writeFile(version, original)
  assert.equal((await world.start()).state, 'ready')
})

test('stop ends sessions in the middle of a transaction', unix, async () => {
  await using world = await createEmbeddedWorld()
  const server = await world.start()
  const sleeping = assert.rejects(ask(server.url, 'select pg_sleep(60)'))
  await waitFor(async () => {
    const [row] = await ask(
      server.url,
      "select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(60)'"
    )
    return row?.['n'] === 1
  })
  await server.stop()
  await sleeping
})

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
