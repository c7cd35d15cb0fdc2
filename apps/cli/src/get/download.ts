import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../exit-codes.ts'
import { snapshotOf } from '../files/snapshot.ts'
import { isSystemError } from '../system-error.ts'
import { fetchFile } from './fetch-file.ts'
import type { Download, GetRun } from './get-run.ts'

/** Fetches one file unless it is here already; reports what became of it. */
export async function download(run: GetRun, wanted: Download): Promise<void> {
  const { node, remote, folder, name, version } = wanted
  const size = version?.size ?? node.size
  const versionId = version?.id ?? node.versionId
  const item = { type: 'file', remote, path: join(folder.shown, name), size } as const
  run.progress.expect(size, 1)
  try {
    if (versionId === null) throw new CliError(EXIT.general, 'no_content', `${remote} has no content`)
    const mtimeMs = timeOf(version?.mtime ?? node.mtime)
    const standing = await look(await folder.path(name))
    if (standing?.isDirectory()) throw new CliError(EXIT.conflict, 'not_a_file', `${item.path} is a folder`)
    const same = standing !== undefined && isSame(standing, size, mtimeMs)
    if (same || (standing !== undefined && run.noClobber)) {
      run.progress.advance(size)
      run.progress.fileDone()
      const reason = same ? {} : { reason: 'another file is there' }
      return await run.report.add({ ...item, status: same ? 'unchanged' : 'skipped', versionId, ...reason })
    }
    await fetchFile(run, {
      node: node.id,
      versionId,
      size,
      mtimeMs,
      folder,
      name,
      key: keyOf(node.id, versionId, name)
    })
    run.progress.fileDone()
    await run.report.add({ ...item, status: 'downloaded', versionId })
  } catch (error) {
    if (run.remote.signal.aborted) throw error
    await run.report.add({ ...item, status: 'failed', error })
  }
}

async function look(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true })
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
  }
}

function isSame(stats: BigIntStats, size: number, mtimeMs: number | undefined): boolean {
  if (!stats.isFile() || mtimeMs === undefined) return false
  const local = snapshotOf(stats)
  return local.size === size && local.mtimeMs === mtimeMs
}

const timeOf = (iso: string): number | undefined => {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? undefined : at
}

/** Names the partial file: another version never goes on with these bytes. */
const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)
