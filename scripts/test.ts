// All checks of the project: types, lint, dead code, then every suite against one real embedded PostgreSQL.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startTestPostgres } from './test-postgres.ts'

const root = join(import.meta.dirname, '..')
const suites: Record<string, readonly string[]> = {
  unit: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
  integration: ['packages/*/tests/**/*.test.ts', 'services/*/tests/**/*.test.ts', 'apps/*/tests/**/*.test.ts'],
  acceptance: ['acceptance/**/*.test.ts']
}

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

const check = async (name: string, command: string, args: readonly string[]): Promise<void> => {
  process.stdout.write(`== ${name}\n`)
  if ((await run(command, args)) !== 0) throw new Error(`${name} failed`)
}

const testFiles = async (patterns: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  run(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--test',
      '--test-concurrency=2',
      '--test-timeout=600000',
      `--test-reporter=${join(root, 'scripts/counts-reporter.mjs')}`,
      '--test-reporter-destination=stdout',
      ...patterns
    ],
    env
  )

const wanted = process.argv.slice(2)
const names = wanted.length > 0 ? wanted : ['static', ...Object.keys(suites)]

if (names.includes('static')) {
  await check('types', 'tsc', ['-p', '.'])
  await check('lint', 'biome', ['check', '.'])
  await check('dead code', 'knip', [])
}
const patterns = names.flatMap((name) => suites[name] ?? (name === 'static' ? [] : [name]))
if (patterns.length > 0) {
  await using postgres = await startTestPostgres()
  process.stdout.write('== tests\n')
  process.exitCode = await testFiles(patterns, { ...process.env, CAIRN_TEST_DATABASE_URL: postgres.url })
}
