#!/usr/bin/env node
// Runs on any Node from 20; the rest is done by the Node this project brings along.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const windows = process.platform === 'win32'
const bundled = join(root, 'node_modules/.bin', windows ? 'node.cmd' : 'node')

if (!existsSync(bundled)) {
  process.argv.splice(2, 0, 'cli')
  await import('../../../scripts/run.mjs')
} else {
  const main = join(root, 'apps/cli/src/main.ts')
  const args = ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)]
  const child = spawn(bundled, args, {
    stdio: 'inherit',
    shell: windows,
    // Files made durable side by side cost little more than one.
    env: { UV_THREADPOOL_SIZE: '16', ...process.env }
  })
  // A terminal sends SIGINT to both; the child decides what becomes of it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
