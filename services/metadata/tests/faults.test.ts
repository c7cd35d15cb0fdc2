import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isErrorCode } from '@cairn/contracts'
import { sql } from 'kysely'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, folderOperation, putOperation } from './_tree.ts'

describe('database faults', () => {
  let metadata: TestMetadata
  before(async () => {
    metadata = await startMetadata()
  })
  after(async () => metadata[Symbol.asyncDispose]())

  const cutConnections = async (): Promise<void> => {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
    `.execute(metadata.database.query)
  }

  it('FLT-013 FLT-014 keeps every acknowledged operation, once, when connections are cut in the middle', async () => {
    const person = await addPerson(metadata)
    const acknowledged: string[] = []
    let retries = 0
    const write = async (name: string): Promise<void> => {
      const operations = [
        putOperation(metadata, { parentId: person.rootId, name, onConflict: 'fail' }),
        folderOperation(metadata, { parentId: person.rootId, name: `${name} folder`, exclusive: true })
      ]
      for (let attempt = 0; attempt < 200; attempt += 1) {
        try {
          const { results } = await person.commit(operations)
          assert.deepEqual(
            results.map(({ errorCode }) => errorCode),
            ['', ''],
            'a repeat is recognised'
          )
          acknowledged.push(name, `${name} folder`)
          return
        } catch (error) {
          const code = error instanceof Error && 'code' in error ? String(error.code) : ''
          assert.ok(isErrorCode(code) && code === 'unavailable', `a failure says to try again: ${error}`)
          retries += 1
        }
      }
      assert.fail('never got through')
    }
    let writing = true
    const cutting = (async () => {
      while (writing) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        await cutConnections().catch(() => undefined)
      }
    })()
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      // On and on until at least one connection was cut while it mattered.
      for (let round = 0; round < 15 || (retries === 0 && round < 500); round += 1) await write(`w${writer} ${round}`)
    })
    await Promise.all(writers)
    writing = false
    await cutting
    assert.ok(retries > 0, 'no connection was cut while it mattered')
    const children = await person.api('GET', `/nodes/${person.rootId}/children?limit=1000`)
    const names = children.body.items.map(({ name }: { name: string }) => name)
    assert.deepEqual(names.sort(), acknowledged.sort())
    const { versions } = await person.check()
    assert.equal(versions, BigInt(acknowledged.length / 2))
  })
})
