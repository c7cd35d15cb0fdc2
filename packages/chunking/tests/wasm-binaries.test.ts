import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { assembleCutScanner, renderBinaries } from '../scripts/assemble-wasm.ts'

const BROWSER_SYNC_COMPILE_LIMIT = 4096

test('the committed binaries are what the source assembles to', async () => {
  const committed = await readFile(new URL('../src/wasm/binaries.gen.ts', import.meta.url), 'utf8')
  assert.equal(committed, await renderBinaries())
})

test('the binaries stay small enough to compile synchronously in a browser', async () => {
  for (const shared of [false, true]) {
    assert.ok((await assembleCutScanner(shared)).length < BROWSER_SYNC_COMPILE_LIMIT)
  }
})
