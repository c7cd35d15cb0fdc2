import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'

const NODE_ONLY = /from 'node:|\bBuffer[.(]|\bprocess\.|\brequire\(/

test('nothing but the native entry point needs Node', async () => {
  const root = new URL('../src/', import.meta.url)
  const offenders: string[] = []
  for await (const file of glob('**/*.ts', { cwd: root })) {
    if (file === 'native.ts' || file.endsWith('.test.ts')) continue
    if (NODE_ONLY.test(await readFile(new URL(file, root), 'utf8'))) offenders.push(file)
  }
  assert.deepEqual(offenders, [])
})
