// All checks of the project: types, lint, dead code, then every suite against one real embedded PostgreSQL.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startTestPostgres } from './test-postgres.ts'
import { ensureWebApp } from './web-app.mjs'

const root = join(import.meta.dirname, '..')
const suites: Record<string, readonly string[]> = {
  unit: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
  integration: ['packages/*/tests/**/*.test.ts', 'services/*/tests/**/*.test.ts', 'apps/*/tests/**/*.test.ts'],
  acceptance: ['acceptance/**/*.test.ts']
}

const run = (command: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

const check = async (name: string, command: string, args: readonly string[]): Promise<void> => {
  process.stdout.write(`== ${name}\n`)
  if ((await run(command, args)) !== 0) throw new Error(`${name} failed`)
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const COUNTS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m

/** Adds one run's counts to `total`; shows everything else it prints. */
const testFiles = async (patterns: readonly string[], env: NodeJS.ProcessEnv, total: Counts): Promise<void> => {
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=2',
    '--test-timeout=300000',
    // A hook that throws keeps the hooks behind it from running: what they would have closed must not hang the run.
    '--test-force-exit',
    `--test-reporter=${join(root, 'scripts/counts-reporter.mjs')}`,
    '--test-reporter-destination=stdout',
    ...patterns
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env })
  const exited = once(child, 'exit')
  let counted = false
  for await (const line of createInterface({ input: child.stdout })) {
    const match = COUNTS.exec(line)
    if (!match) process.stdout.write(`${line}\n`)
    else {
      counted = true
      total.passed += Number(match[1])
      total.failed += Number(match[2])
      total.skipped += Number(match[3])
    }
  }
  const [code] = await exited
  // A runner that died, or failed outside any test, must not pass for a green one.
  if (!counted || (code !== 0 && total.failed === 0)) total.failed += 1
}

const wanted = process.argv.slice(2)
const names = wanted.length > 0 ? wanted : ['static', ...Object.keys(suites)]

if (names.includes('static')) {
  await check('types', 'tsc', ['-p', '.'])
  // The web app knows the DOM and nothing of Node; its tests and build know both.
  await check('types of the web app', 'tsc', ['-p', 'apps/web'])
  await check('types of its tests', 'tsc', ['-p', 'apps/web/tests'])
  await check('lint', 'biome', ['check', '.'])
  await check('dead code', 'knip', ['--no-config-hints'])
}
const patterns = names.flatMap((name) => suites[name] ?? (name === 'static' ? [] : [name]))
/** Once more with every call between services encoded and decoded, as between processes. */
const serialized = [
  'auth',
  'tree',
  'versions-trash',
  'upload-put',
  'upload-tus',
  'download',
  'cli',
  'archive',
  'thumbnail'
].map((feature) => `acceptance/${feature}.test.ts`)

if (patterns.length > 0) {
  // Once, here: test files run side by side.
  ensureWebApp(root, process.execPath)
  await using postgres = await startTestPostgres()
  const env = { ...process.env, CAIRN_TEST_DATABASE_URL: postgres.url }
  process.stdout.write('== tests\n')
  const total: Counts = { passed: 0, failed: 0, skipped: 0 }
  await testFiles(patterns, env, total)
  if (total.failed === 0 && names.includes('acceptance')) {
    process.stdout.write('== acceptance with serialised calls\n')
    await testFiles(serialized, { ...env, ACCEPTANCE_SERIALIZE: '1' }, total)
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
  process.exitCode = total.failed === 0 ? 0 : 1
}
