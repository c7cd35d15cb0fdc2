// Entry of every npm script. Runs on the machine's own Node (>= 20): installs what is missing, then hands over to
// the pinned Node in node_modules. Plain JavaScript on purpose.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureWebApp } from './web-app.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.cairn-installed')
const targets = {
  start: ['apps/server/src/main.ts'],
  cli: ['apps/cli/src/main.ts'],
  test: ['scripts/test.ts'],
  bench: ['bench/main.ts'],
  acceptance: ['scripts/test.ts', 'acceptance']
}

const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

const install = () => {
  const lock = wanted()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  process.stderr.write('cairn: installing dependencies (once) ...\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  // Not "npm ci": it gives up when the registry lacks some other platform's optional package, which nobody here needs.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const done = spawnSync(npm, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (done.status !== 0) {
    process.stderr.write('cairn: "npm install" failed; see the messages above.\n')
    process.exit(1)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, lock)
}

const pinnedNode = () => {
  const name = process.platform === 'win32' ? 'node.cmd' : 'node'
  const local = join(root, 'node_modules', '.bin', name)
  if (existsSync(local)) return local
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 6)) return process.execPath
  process.stderr.write(`cairn: no Node package for ${process.platform}-${process.arch}; install Node 24.6 or newer.\n`)
  process.exit(1)
}

const [target, ...rest] = process.argv.slice(2)
const entry = targets[target]
if (!entry) {
  process.stderr.write(`usage: run.mjs ${Object.keys(targets).join('|')}\n`)
  process.exit(2)
}
if (process.cwd() !== root && target !== 'cli') process.chdir(root)
install()
const node = pinnedNode()
if (target === 'start' || (target === 'cli' && rest[0] === 'serve')) ensureWebApp(root, node)
// Large buffers come from the heap instead of fresh mappings: page faults were a third of the upload's cost.
const env = {
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '268435456',
  MALLOC_ARENA_MAX: '4',
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
}
const args = [
  '--disable-warning=ExperimentalWarning',
  ...entry.map((part, at) => (at === 0 ? join(root, part) : part)),
  ...rest
]
const child = spawn(node, args, { stdio: 'inherit', env })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
