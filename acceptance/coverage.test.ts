import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from './_api.ts'
import { readRoutes } from './_openapi.ts'
import { startServer } from './_server.ts'
import { COVERAGE, REFUSAL } from './coverage.ts'

const server = await startServer()
after(() => server[Symbol.asyncDispose]())
const anonymous = new Client(server.url)

test('coverage.ts names exactly the operations of the API description', async () => {
  const described = (await readRoutes(anonymous)).map(({ label }) => label)
  assert.deepEqual(
    described.filter((label) => !(label in COVERAGE)),
    [],
    'operations without a test'
  )
  assert.deepEqual(
    Object.keys(COVERAGE).filter((label) => !described.includes(label)),
    [],
    'tests of operations that are not described'
  )
})

test('every file that coverage.ts names checks its own part', () => {
  for (const file of new Set(Object.values(COVERAGE))) {
    if (file === REFUSAL) continue
    const path = join(import.meta.dirname, file)
    assert.ok(existsSync(path), file)
    assert.match(readFileSync(path, 'utf8'), /^testCoverage\(import\.meta\.filename, server\)$/m, file)
  }
})
