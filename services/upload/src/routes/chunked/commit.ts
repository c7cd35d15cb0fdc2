import { PROFILE_1 } from '@cairn/chunking'
import { type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import { commitFiles, type NewFile } from '../../domain/commit-files.ts'
import { parseMtime } from '../../domain/fields.ts'
import { badRequest } from '../../errors.ts'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import {
  DriveUploadParams,
  MAX_OPERATIONS,
  Mtime,
  Name,
  OnConflict,
  OperationResults,
  ParentRef,
  Rev,
  toOperationResult
} from '../shapes.ts'
import { assertDistinct } from './distinct.ts'
import { useChunkedSession } from './session.ts'
import { parseWireId, WireId } from './wire-id.ts'

/** A file of 16 TiB has some 16 million chunks; this body describes about 200 GiB. */
const BODY_LIMIT = 32 * 1024 * 1024

const File = Type.Object(
  {
    opId: Uuid,
    nodeId: Type.Optional(Uuid),
    parentId: Type.Optional(ParentRef),
    name: Type.Optional(Name),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 32768, description: 'From the root of the drive' })),
    size: Type.Optional(Type.Integer({ minimum: 0 })),
    mtime: Type.Optional(Mtime),
    chunks: Type.Array(
      Type.Object(
        { wireId: WireId, length: Type.Integer({ minimum: 1, maximum: PROFILE_1.maxSize }) },
        { additionalProperties: false }
      )
    ),
    onConflict: Type.Optional(OnConflict),
    baseRev: Type.Optional(Rev)
  },
  { additionalProperties: false }
)

const Folder = Type.Object(
  { opId: Uuid, parentId: Type.Optional(ParentRef), name: Name },
  { additionalProperties: false }
)

export const commitRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'POST',
    url: '/v1/drives/:drive/uploads/:id/commit',
    bodyLimit: BODY_LIMIT,
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Make uploaded files visible',
      description: 'Results come per operation, folders first. Op ids make a repeat harmless.',
      params: DriveUploadParams,
      body: Type.Object(
        {
          files: Type.Array(File, { maxItems: MAX_OPERATIONS }),
          folders: Type.Optional(Type.Array(Folder, { maxItems: MAX_OPERATIONS }))
        },
        { additionalProperties: false }
      ),
      response: {
        200: OperationResults,
        ...problemResponses(
          'invalid_request',
          'unauthenticated',
          'forbidden',
          'not_found',
          'chunk_missing',
          'upload_expired',
          'payload_too_large'
        )
      }
    },
    handler: async (request) => {
      const { userId, credentialId } = request.identity
      const { files, folders = [] } = request.body
      assertDistinct([...folders, ...files])
      const session = await useChunkedSession(context, { userId, ...request.params })
      const results = await commitFiles(context, {
        session,
        deviceId: credentialId,
        folders: folders.map(({ opId, parentId, name }) => ({ opId, parentId, name })),
        files: files.map((file) => toNewFile(file, context.clock.now()))
      })
      return { results: results.map((result) => toOperationResult(result, session.target.driveId)) }
    }
  })
}

const toNewFile = (file: Static<typeof File>, now: number): NewFile => {
  const size = file.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  if (file.size !== undefined && file.size !== size) throw badRequest('A size differs from the sum of its chunks.')
  return {
    opId: file.opId,
    nodeId: file.nodeId,
    parentId: file.parentId,
    place: placeOf(file),
    size,
    mtimeMs: parseMtime(file.mtime === undefined ? undefined : String(file.mtime)) ?? now,
    chunks: file.chunks.map(({ wireId, length }) => ({ wireId: parseWireId(wireId), length })),
    onConflict: file.onConflict ?? 'version',
    baseRev: file.baseRev
  }
}

const placeOf = ({ nodeId, parentId, name, path }: Static<typeof File>): NewFile['place'] => {
  const ways = [nodeId, name, path].filter((way) => way !== undefined)
  if (ways.length !== 1 || (parentId !== undefined && name === undefined)) {
    throw badRequest('A file has either a nodeId, or a name (with parentId), or a path.')
  }
  return path === undefined ? { name: name ?? '' } : { path }
}
