import { CairnError, type metadataV1 } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import { commitOperations, countFiles, type OperationInit, releaseUnused } from './commit.ts'
import { type FolderOf, resolvePaths, splitPath } from './resolve-paths.ts'
import type { OnConflict, Session } from './session.ts'

export interface NewFolder {
  readonly opId: string
  /** Folder id, `op:<opId>`, or undefined for the root. */
  readonly parentId: string | undefined
  readonly name: string
}

export interface NewFile {
  readonly opId: string
  readonly nodeId: string | undefined
  readonly parentId: string | undefined
  /** Name in `parentId`, or a path from the root. */
  readonly place: { readonly name: string } | { readonly path: string }
  readonly size: number
  readonly mtimeMs: number
  readonly chunks: readonly { readonly wireId: Uint8Array; readonly length: number }[]
  readonly onConflict: OnConflict
  readonly baseRev: number | undefined
}

export interface CommitFiles {
  readonly session: Session
  readonly deviceId: string
  readonly folders: readonly NewFolder[]
  readonly files: readonly NewFile[]
}

/** One result per operation: folders first, then files, each in their order. */
export const commitFiles = async (
  context: UploadContext,
  { session, deviceId, folders, files }: CommitFiles
): Promise<metadataV1.OperationResult[]> => {
  const { userId, uploadId } = session
  const { vaultId, driveId, parentId: rootId = '' } = session.target
  const paths = files.flatMap(({ place }) => ('path' in place ? [place.path] : []))
  const folderOf = await resolvePaths(context, { userId, drive: driveId }, paths)
  const placed = files.map((file) => placeFile(context, file, folderOf))
  const ready = placed.filter((file) => 'versionId' in file)

  const sealed = await sealFiles(context, { vaultId, uploadId }, ready)
  const operations = [
    ...folders.map((folder) => folderOperation(folder, rootId)),
    ...ready.map((file) => fileOperation(file, { sealed, rootId }))
  ]
  const results = await commitOperations(context, { userId, driveId, deviceId, operations })
  countFiles(context, 'chunked', { operations, results })
  const byOp = new Map(results.map((result) => [result.opId, result]))
  const unused = ready.filter(({ opId, versionId }) => byOp.get(opId)?.node?.versionId !== versionId)
  await releaseUnused(
    context,
    vaultId,
    unused.map(({ versionId }) => versionId)
  )
  return [...folders, ...placed].map((operation) =>
    'refusal' in operation ? refusedResult(operation) : resultOf(byOp, operation.opId)
  )
}

interface ReadyFile extends NewFile {
  readonly versionId: string
  readonly name: string
}

interface RefusedFile {
  readonly opId: string
  readonly refusal: CairnError
}

const placeFile = ({ random }: UploadContext, file: NewFile, folderOf: FolderOf): ReadyFile | RefusedFile => {
  const versionId = random.uuid()
  if ('name' in file.place) return { ...file, versionId, name: file.place.name }
  const folder = folderOf(file.place.path)
  if (folder instanceof CairnError) return { opId: file.opId, refusal: folder }
  return { ...file, versionId, parentId: folder, name: splitPath(file.place.path).name }
}

type Manifests = ReadonlyMap<string, Uint8Array>

const sealFiles = async (
  context: UploadContext,
  upload: { vaultId: string; uploadId: string },
  files: readonly ReadyFile[]
): Promise<Manifests> => {
  if (files.length === 0) return new Map()
  const { items } = await context.storage.seal({
    ...upload,
    items: files.map(({ versionId, chunks }) => ({ referenceId: versionId, chunks: [...chunks] })),
    close: false
  })
  return new Map(items.map((item) => [item.referenceId, item.manifestId]))
}

const folderOperation = ({ opId, parentId, name }: NewFolder, rootId: string): OperationInit => ({
  opId,
  kind: { case: 'makeFolder', value: { parentId: parentId ?? rootId, name, exclusive: false } }
})

const fileOperation = (file: ReadyFile, { sealed, rootId }: { sealed: Manifests; rootId: string }): OperationInit => {
  const manifestId = sealed.get(file.versionId)
  if (manifestId === undefined) throw new CairnError('internal', 'A content was not sealed.')
  return {
    opId: file.opId,
    kind: {
      case: 'putFile',
      value: {
        nodeId: file.nodeId ?? '',
        parentId: file.nodeId === undefined ? (file.parentId ?? rootId) : '',
        name: file.nodeId === undefined ? file.name : '',
        versionId: file.versionId,
        manifestId,
        size: BigInt(file.size),
        mtimeMs: BigInt(file.mtimeMs),
        onConflict: file.onConflict,
        ...(file.baseRev === undefined ? {} : { baseRev: BigInt(file.baseRev) })
      }
    }
  }
}

const resultOf = (
  results: ReadonlyMap<string, metadataV1.OperationResult>,
  opId: string
): metadataV1.OperationResult => {
  const result = results.get(opId)
  if (result === undefined) throw new CairnError('internal', 'The commit left an operation unanswered.')
  return result
}

const refusedResult = ({ opId, refusal }: RefusedFile): metadataV1.OperationResult => ({
  $typeName: 'cairn.metadata.v1.OperationResult',
  opId,
  errorCode: refusal.code,
  errorMessage: refusal.message
})
