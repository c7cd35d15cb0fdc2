import type { MetadataService } from '@cairn/contracts'
import type { Client } from '@connectrpc/connect'
import type { StorageContext } from '../context.ts'
import { hex } from '../format/uuid.ts'
import { findReferences } from '../store/references.ts'
import type { Finding } from './finding.ts'

const PAGE = 500

/** Level 0 across the two services: the tree's own invariants, and a reference behind every version. */
export const treeChecks = (context: StorageContext, metadata: () => Client<typeof MetadataService>) =>
  async function* checkTree(vaultId: string): AsyncGenerator<Finding> {
    const tree = await metadata().checkTree({ vaultId })
    for (const found of tree.findings) {
      yield { level: 0, code: found.code, vaultId, subject: found.subject, message: found.message }
    }
    let afterVersionId = ''
    for (;;) {
      const { versions } = await metadata().listVersions({ vaultId, afterVersionId, limit: PAGE })
      const references = await findReferences(
        context.database.query,
        vaultId,
        versions.map((version) => version.versionId)
      )
      for (const version of versions) {
        const reference = references.get(version.versionId)
        const intact =
          reference && hex(reference.manifestId) === hex(version.manifestId) && reference.size === Number(version.size)
        if (!intact) {
          yield {
            level: 0,
            code: 'version_without_content',
            vaultId,
            subject: version.versionId,
            message: `Version of node ${version.nodeId} has no matching content.`
          }
        }
      }
      const last = versions.at(-1)
      if (!last || versions.length < PAGE) return
      afterVersionId = last.versionId
    }
  }
