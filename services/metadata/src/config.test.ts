import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '@cairn/runtime'
import { readMetadataConfig } from './config.ts'

describe('metadata configuration', () => {
  it('has defaults', () => {
    assert.deepEqual(readMetadataConfig({}), {
      defaultQuota: 0,
      trashRetention: 30 * 24 * 3600 * 1000,
      versionsKept: 100,
      versionRetention: 0,
      jobInterval: 60_000,
      announceGather: 100
    })
  })

  it('reads sizes and durations', () => {
    const config = readMetadataConfig({ CAIRN_DEFAULT_QUOTA: '10GiB', CAIRN_TRASH_RETENTION: '7d' })
    assert.equal(config.defaultQuota, 10 * 1024 ** 3)
    assert.equal(config.trashRetention, 7 * 24 * 3600 * 1000)
  })

  it('reports every bad value at once', () => {
    const bad = { CAIRN_DEFAULT_QUOTA: 'lots', CAIRN_VERSIONS_KEPT: '-1' }
    assert.throws(
      () => readMetadataConfig(bad),
      (error) => error instanceof ConfigError && error.problems.length === 2
    )
  })
})
