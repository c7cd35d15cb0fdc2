import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client, createUser, type Node, signIn, type User } from './_api.ts'
import { type Cli, createCli } from './_cli.ts'
import { testCoverage } from './_coverage.ts'
import { noise, sha256 } from './_seed.ts'
import { foreign } from './_server.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const MIB = 1024 * 1024
const P = '/v1/drives/personal'

interface Summary {
  readonly type: string
  readonly uploaded: number
  readonly unchanged: number
  readonly folders: number
  readonly failed: number
  readonly sentBytes: number
  readonly downloaded: number
}

const clients: Cli[] = []
after(() => Promise.all(clients.map((cli) => cli[Symbol.asyncDispose]())))

/** A user with the command line at hand, by app password. */
const withCli = async (): Promise<{ user: User; cli: Cli }> => {
  const user = await createUser(admin)
  const cli = await createCli(server.url, (await user.appPassword()).secret)
  clients.push(cli)
  return { user, cli }
}

const ok = async (cli: Cli, args: readonly string[], stdin?: string | Uint8Array): Promise<string> => {
  const result = await cli.run(args, stdin === undefined ? {} : { stdin })
  assert.equal(result.code, 0, `cairn ${args.join(' ')}: ${result.stderr}${result.stdout}`)
  return result.stdout
}

const summaryOf = async (cli: Cli, args: readonly string[]): Promise<Summary> => {
  const result = await cli.run([...args, '--json'])
  assert.equal(result.code, 0, `cairn ${args.join(' ')}: ${result.stderr}${result.stdout}`)
  const summary = result.records<Summary>().find(({ type }) => type === 'summary')
  assert.ok(summary, result.stdout)
  return summary
}

const writeTree = async (folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

const FILES = {
  'tree/readme.txt': 'hello',
  'tree/empty.bin': '',
  'tree/a/small.bin': noise('small', 3000),
  'tree/a/b/medium.bin': noise('medium', 700_000),
  'tree/a/b/ünï cödé 日本.txt': 'names',
  'tree/large.bin': noise('large', 9 * MIB)
}

test('help and version tell what there is; wrong usage is status 2', async () => {
  const { cli } = await withCli()
  const help = await ok(cli, ['--help'])
  for (const command of [
    'serve',
    'login',
    'ls',
    'put',
    'get',
    'mkdir',
    'mv',
    'cp',
    'rm',
    'cat',
    'tree',
    'du',
    'trash',
    'versions',
    'doctor',
    'gc',
    'admin'
  ]) {
    assert.match(help, new RegExp(`^\\s+${command}\\b`, 'm'), command)
  }
  assert.match(help, /Exit status:/)
  assert.match(await ok(cli, ['--version']), /^\d+\.\d+/)
  for (const args of [['frobnicate'], ['ls', '--frobnicate'], ['mkdir'], ['put']])
    assert.equal((await cli.run(args)).code, 2, args.join(' '))
})

test('login keeps the session to itself; logout ends it', async () => {
  const user = await createUser(admin)
  const cli = await createCli(server.url)
  clients.push(cli)
  assert.equal((await cli.run(['ls'])).code, 3)
  const login = ['login', server.url, '--username', user.username, '--password-stdin']
  assert.equal((await cli.run(login, { stdin: 'not the password\n' })).code, 3)
  await ok(cli, login, `${user.password}\n`)
  assert.match(await ok(cli, ['whoami']), new RegExp(user.username))
  for (const entry of await readdir(cli.config, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name))
    assert.equal(mode & 0o077, 0, `${entry.name} is readable by others`)
  }
  await ok(cli, ['app-password', 'create', 'backup', '--scope', 'files:read'])
  await ok(cli, ['logout'])
  assert.equal((await cli.run(['whoami'])).code, 3)
})

test('put and get of a tree: everything arrives, a repeat sends nothing, a change sends itself', async () => {
  const { user, cli } = await withCli()
  await writeTree(cli.folder, FILES)
  await symlink('/etc/passwd', join(cli.folder, 'tree/link'))
  const first = await summaryOf(cli, ['put', '-r', 'tree', '/Backup'])
  assert.deepEqual([first.uploaded, first.failed], [Object.keys(FILES).length, 0])
  const again = await summaryOf(cli, ['put', '-r', 'tree', '/Backup'])
  assert.deepEqual([again.uploaded, again.unchanged, again.sentBytes], [0, Object.keys(FILES).length, 0])

  const large = Buffer.concat([noise('large', 9 * MIB), Buffer.from('one line more')])
  await writeFile(join(cli.folder, 'tree/large.bin'), large)
  const changed = await summaryOf(cli, ['put', '-r', 'tree', '/Backup'])
  assert.ok(changed.sentBytes < 6 * MIB, `${changed.sentBytes} bytes were sent for a change at the end`)

  const back = await summaryOf(cli, ['get', '-r', '/Backup/tree', 'back'])
  assert.equal(back.downloaded, Object.keys(FILES).length)
  for (const [path, content] of Object.entries({ ...FILES, 'tree/large.bin': large })) {
    assert.equal(sha256(await readFile(join(cli.folder, 'back', path))), sha256(Buffer.from(content)), path)
  }
  assert.deepEqual((await readdir(join(cli.folder, 'back/tree'))).includes('link'), false)
  assert.equal(sha256(await user.read('Backup/tree/large.bin')), sha256(large))
})

test('many small files travel in batches; times are kept', async () => {
  const { user, cli } = await withCli()
  const files = Object.fromEntries(
    Array.from({ length: 700 }, (_, index) => [`many/${index % 7}/${index}.txt`, `content ${index}`])
  )
  await writeTree(cli.folder, files)
  const time = new Date('2019-08-07T06:05:04.000Z')
  await utimes(join(cli.folder, 'many/0/0.txt'), time, time)
  const summary = await summaryOf(cli, ['put', '-r', 'many', '/'])
  assert.deepEqual([summary.uploaded, summary.failed], [700, 0])
  assert.equal((await user.read('many/3/353.txt')).toString(), 'content 353')
  const node = (await user.get(`${P}/resolve?path=/many/0/0.txt`)).json<Node>()
  assert.equal(node.mtime, time.toISOString())
})

test('ls, tree, du, cat, mkdir, mv, cp, rm and their statuses', async () => {
  const { user, cli } = await withCli()
  await user.store('docs/a.txt', 'alpha')
  await user.store('docs/sub/b.txt', 'beta!')
  assert.deepEqual((await ok(cli, ['ls', '/docs'])).trim().split('\n').sort(), ['a.txt', 'sub/'])
  const listed = (await cli.run(['ls', '/docs', '--json'])).records<Node>()
  assert.deepEqual(listed.map(({ name, kind }) => `${kind} ${name}`).sort(), ['file a.txt', 'folder sub'])
  assert.match(await ok(cli, ['tree', '/']), /docs\/[\s\S]*sub\/[\s\S]*b\.txt/)
  assert.deepEqual((await cli.run(['du', '/docs', '--json'])).records<{ size: number }>()[0]?.size, 10)
  assert.equal(await ok(cli, ['cat', '/docs/a.txt', '/docs/sub/b.txt']), 'alphabeta!')
  assert.equal((await cli.run(['mkdir', '/no/such'])).code, 4)
  await ok(cli, ['mkdir', '-p', '/no/such'])
  assert.equal((await cli.run(['mkdir', '/docs'])).code, 5)
  await ok(cli, ['mv', '/docs/a.txt', '/no/such/'])
  await ok(cli, ['cp', '/docs/sub', '/no/copy'])
  assert.equal(await ok(cli, ['cat', '/no/such/a.txt', '/no/copy/b.txt']), 'alphabeta!')
  assert.equal((await cli.run(['mv', '/no', '/no/such/'])).code, 5)
  assert.equal((await cli.run(['cat', '/none'])).code, 4)
  assert.equal((await cli.run(['rm', '/docs'])).code, 2)
  await ok(cli, ['rm', '-r', '/docs'])
  assert.equal((await cli.run(['ls', '/docs'])).code, 4)
  const json = await cli.run(['cat', '/none', '--json'])
  assert.equal((JSON.parse(json.stderr) as { error: { code: string } }).error.code, 'not_found')
})

test('trash and versions', async () => {
  const { user, cli } = await withCli()
  await user.store('doc.txt', 'first')
  await user.store('doc.txt', 'second')
  const versions = (await cli.run(['versions', 'list', '/doc.txt', '--json'])).records<{
    id: string
    current: boolean
  }>()
  const old = versions.find(({ current }) => !current)?.id ?? ''
  await ok(cli, ['versions', 'get', '/doc.txt', old, 'old.txt'])
  assert.equal(await readFile(join(cli.folder, 'old.txt'), 'utf8'), 'first')
  await ok(cli, ['versions', 'restore', '/doc.txt', old])
  assert.equal(await ok(cli, ['cat', '/doc.txt']), 'first')
  await ok(cli, ['rm', '/doc.txt'])
  assert.match(await ok(cli, ['trash', 'list']), /doc\.txt/)
  await ok(cli, ['trash', 'restore', 'doc.txt'])
  assert.equal(await ok(cli, ['cat', '/doc.txt']), 'first')
  await ok(cli, ['rm', '/doc.txt'])
  await ok(cli, ['trash', 'purge', 'doc.txt'])
  await ok(cli, ['trash', 'empty'])
  assert.equal(await ok(cli, ['trash', 'list']), '')
})

test('from a pipe and to a pipe', async () => {
  const { cli } = await withCli()
  const content = noise('pipe', 3 * MIB + 1)
  await ok(cli, ['put', '-', '/piped/pipe.bin'], content)
  await ok(cli, ['get', '/piped/pipe.bin', 'pipe.bin'])
  assert.equal(sha256(await readFile(join(cli.folder, 'pipe.bin'))), sha256(content))
})

test('SEC-068 what the server names cannot leave the target folder', async () => {
  const { user, cli } = await withCli()
  await mkdir(join(cli.folder, 'outside'))
  await user.store('evil/%2e%2e/x.txt', 'x')
  for (const name of ['..\\up.txt', 'a:b', 'CON', '%2e%2e', 'evil\u202etxt'])
    await user.folder(name, (await user.get(`${P}/resolve?path=/evil`)).json<Node>().id)
  await user.store('evil/outside/planted.txt', 'planted')
  await mkdir(join(cli.folder, 'into/evil'), { recursive: true })
  await symlink(join(cli.folder, 'outside'), join(cli.folder, 'into/evil/outside'))
  const result = await cli.run(['get', '-r', '/evil', 'into'])
  assert.ok([0, 1, 5, 8].includes(result.code ?? -1), result.stderr)
  assert.deepEqual(await readdir(join(cli.folder, 'outside')), [])
  assert.deepEqual((await readdir(cli.folder)).filter((name) => !name.startsWith('.')).sort(), ['into', 'outside'])
})

test('no room is status 6, no server status 7, some failed status 8', async () => {
  const { user, cli } = await withCli()
  await writeTree(cli.folder, { 'tree/fits.bin': noise('fits', 1000), 'tree/large.bin': noise('l', 2 * MIB) })
  await admin.send({ method: 'PUT', path: `/v1/admin/users/${user.id}/quota`, json: { limit: 500_000 } })
  assert.equal((await cli.run(['put', 'tree/large.bin', '/'])).code, 6)
  const some = await cli.run(['put', '-r', 'tree', '/'])
  assert.ok(some.code === 8 || some.code === 6, `${some.code} ${some.stderr}`)
  assert.equal((await user.read('tree/fits.bin')).length, 1000)
  const away = await cli.run(['ls', '--server', 'http://127.0.0.1:9', '--retry-for', '0'])
  assert.equal(away.code, 7, away.stderr)
})

test('administration: users, quota, doctor, gc; not for everybody', async () => {
  const cli = await createCli(server.url, admin.signIn.accessToken)
  clients.push(cli)
  const { cli: plain } = await withCli()
  assert.equal((await plain.run(['admin', 'user', 'list'])).code, 3)
  assert.equal((await plain.run(['doctor'])).code, 3)
  await ok(cli, ['admin', 'user', 'add', 'made-by-cli', '--password-stdin'], 'harbour over the hills 9\n')
  assert.match(await ok(cli, ['admin', 'user', 'list']), /made-by-cli/)
  await ok(cli, ['admin', 'user', 'quota', 'made-by-cli', '2G'])
  assert.match(await ok(cli, ['admin', 'user', 'reset-password', 'made-by-cli']), /^http/)
  await ok(cli, ['admin', 'user', 'disable', 'made-by-cli'])
  await ok(cli, ['admin', 'user', 'enable', 'made-by-cli'])
  await ok(cli, ['gc'])
  assert.match(await ok(cli, ['doctor', '--level', '3']), /No damage found/)
})

test('SEC-083 whoever can read the master key sets a lost password, nobody else', {
  skip: foreign !== undefined
}, async () => {
  const { user, cli } = await withCli()
  const reset = (...args: string[]) => ['admin', 'reset-password', user.username, ...args]
  const elsewhere = await cli.run(reset('--password-stdin'), { stdin: 'a heron over the weir 4\n' })
  assert.equal(elsewhere.code, 3, elsewhere.stderr)
  assert.match(elsewhere.stderr, /no master\.key/)
  const wrongKey = { CAIRN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
  const wrong = await cli.run(reset('--password-stdin'), { stdin: 'a heron over the weir 4\n', env: wrongKey })
  assert.equal(wrong.code, 3, wrong.stderr)
  assert.equal((await user.get('/v1/auth/me')).status, 200)

  const data = ['--data', server.dataFolder ?? '']
  await ok(cli, reset('--password-stdin', ...data), 'a heron over the weir 4\n')
  await signIn(server.url, user.username, 'a heron over the weir 4')
  assert.equal((await user.get('/v1/auth/me')).status, 401)

  const link = await ok(cli, reset('--link', ...data))
  const token = link.trim().split('#token=')[1] ?? ''
  const confirm = { token, newPassword: 'two herons over the weir 4' }
  const anonymous = new Client(server.url)
  assert.equal((await anonymous.post('/v1/auth/password-reset/confirm', confirm)).status, 204)
  assert.equal((await anonymous.post('/v1/auth/password-reset/confirm', confirm)).status, 403)
  await signIn(server.url, user.username, 'two herons over the weir 4')
  const audit = await admin.get(`/v1/auth/admin/audit?user=${user.id}`)
  assert.match(audit.text, /"issuedBy":"operator"/)
})

testCoverage(import.meta.filename, server)
