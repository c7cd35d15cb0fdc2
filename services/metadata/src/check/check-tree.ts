import { sql } from 'kysely'
import type { MetadataDatabase } from '../store/database.ts'
import { contentChecks } from './content-checks.ts'
import type { Finding } from './finding.ts'
import { checkNames } from './name-check.ts'
import { stampChecks } from './stamp-checks.ts'
import { structureChecks } from './structure-checks.ts'

/** A broken invariant tends to be broken often: enough to see it. */
const MAX_FINDINGS_PER_CHECK = 100

export interface TreeReport {
  readonly findings: Finding[]
  readonly nodes: bigint
  readonly versions: bigint
}

/** Verifies every invariant of docs/tree.md for one vault, on one snapshot. Changes nothing. */
export const checkTree = (database: MetadataDatabase, vaultId: string): Promise<TreeReport> =>
  database.transaction(
    async (tx) => {
      const findings: Finding[] = []
      for (const { code, query } of [...structureChecks, ...contentChecks, ...stampChecks]) {
        const { rows } = await sql<Omit<Finding, 'code'>>`
          select found.subject::text as subject, found.message from (${query(vaultId)}) found
          limit ${MAX_FINDINGS_PER_CHECK}
        `.execute(tx)
        findings.push(...rows.map(({ subject, message }) => ({ code, subject, message })))
      }
      for await (const finding of checkNames(tx, vaultId)) {
        if (findings.push(finding) >= 10_000) break
      }
      const { rows } = await sql<{ nodes: number; versions: number }>`
        select (select count(*) from metadata.node where vault_id = ${vaultId}) as nodes,
          (select count(*) from metadata.version where vault_id = ${vaultId}) as versions
      `.execute(tx)
      return { findings, nodes: BigInt(rows[0]?.nodes ?? 0), versions: BigInt(rows[0]?.versions ?? 0) }
    },
    { isolation: 'repeatable read', readOnly: true }
  )
