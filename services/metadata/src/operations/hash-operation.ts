import { requestHash } from '../domain/request-hash.ts'
import type { ApiOperation } from './api-operation.ts'

/**
 * Content is told apart by its size alone: a client that repeats an upload under the same op id has
 * it stored under another reference, and means the same.
 */
export const hashOperation = ({ opId: _, ...asked }: ApiOperation): Uint8Array => {
  if (asked.kind !== 'put-file') return requestHash(asked)
  const { versionId: _version, manifestId: _manifest, mtime: _mtime, ...put } = asked
  return requestHash(put)
}
