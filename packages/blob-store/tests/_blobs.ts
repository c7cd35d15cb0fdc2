import assert from 'node:assert/strict'
import { BlobError, type BlobErrorCode, type BlobStore } from '../src/blob-store.ts'

export const putBlob = async (store: BlobStore, key: string, ...parts: Uint8Array[]): Promise<void> => {
  const writer = await store.create(key)
  await writer.write(parts)
  await writer.commit()
}

export const readAll = async (store: BlobStore, key: string): Promise<string | undefined> => {
  const size = await store.size(key)
  return size === undefined ? undefined : Buffer.from(await store.read(key, 0, size)).toString()
}

export const listKeys = async (store: BlobStore, prefix = ''): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys.sort()
}

export const assertRejectsWith = async (promise: Promise<unknown>, code: BlobErrorCode): Promise<void> => {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof BlobError, String(error))
    assert.equal(error.code, code, String(error))
    return true
  })
}
