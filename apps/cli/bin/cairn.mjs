#!/usr/bin/env node
// Runs on any Node from 20: starts the command line on the Node this project brings along.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '../../..')
const main = join(root, 'apps/cli/src/main.ts')
const bundled = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

if (Number.parseInt(process.versions.node, 10) >= 26 || !existsSync(bundled)) {
  await import(main)
} else {
  const child = spawn(bundled, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    shell: process.platform === 'win32'
  })
  // A terminal sends SIGINT to both; the child decides what becomes of it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
