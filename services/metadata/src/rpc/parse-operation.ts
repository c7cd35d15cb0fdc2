import type { metadataV1 } from '@cairn/contracts'
import type { OnConflict, OnFileConflict } from '../domain/operation.ts'
import { invalid } from '../errors.ts'
import type { ApiOperation } from '../operations/api-operation.ts'
import { parseUuid } from '../uuid.ts'

/** The range of JavaScript dates: what can be shown. */
const MAX_TIME = 8.64e15

/** Throws `invalid_request`: a malformed operation fails the request, a refused one does not. */
export const parseOperation = (operation: metadataV1.Operation): ApiOperation => {
  const opId = parseUuid(operation.opId, 'op_id')
  const { kind } = operation
  switch (kind.case) {
    case 'makeFolder': {
      const { parentId, name, exclusive } = kind.value
      return { opId, kind: 'make-folder', parent: parseRef(parentId), name, exclusive }
    }
    case 'putFile':
      return parsePut(opId, kind.value)
    case 'move': {
      const { nodeId, parentId, name, onConflict, baseRev } = kind.value
      return {
        opId,
        kind: 'move',
        nodeId: parseRef(nodeId),
        parent: parentId === '' ? undefined : parseRef(parentId),
        name: name === '' ? undefined : name,
        onConflict: parseOnConflict(onConflict),
        expect: baseRev === undefined ? {} : { metaRev: Number(baseRev) }
      }
    }
    case 'trash': {
      const { nodeId, baseRev, observedSeq } = kind.value
      return {
        opId,
        kind: 'trash',
        nodeId: parseRef(nodeId),
        expect: baseRev === undefined ? {} : { contentRev: Number(baseRev) },
        observedSeq: observedSeq === undefined ? undefined : Number(observedSeq)
      }
    }
    case 'restore':
      return { opId, kind: 'restore', nodeId: parseUuid(kind.value.nodeId, 'node_id') }
    case 'copy': {
      const { nodeId, parentId, name, onConflict } = kind.value
      return {
        opId,
        kind: 'copy',
        nodeId: parseUuid(nodeId, 'node_id'),
        parent: parseRef(parentId),
        name: name === '' ? undefined : name,
        onConflict: onConflict === 'version' ? 'version' : parseOnConflict(onConflict)
      }
    }
    case 'restoreVersion': {
      const nodeId = parseUuid(kind.value.nodeId, 'node_id')
      return { opId, kind: 'restore-version', nodeId, versionId: parseUuid(kind.value.versionId, 'version_id') }
    }
    case undefined:
      throw invalid('An operation needs a kind')
  }
}

const parsePut = (opId: string, put: metadataV1.PutFile): ApiOperation => {
  const { nodeId, parentId, name, baseRev } = put
  const size = Number(put.size)
  const mtime = Number(put.mtimeMs)
  if (!Number.isSafeInteger(size) || size < 0) throw invalid('size is out of range')
  if (!Number.isSafeInteger(mtime) || Math.abs(mtime) > MAX_TIME) throw invalid('mtime_ms is out of range')
  if (put.manifestId.length === 0) throw invalid('manifest_id is missing')
  return {
    opId,
    kind: 'put-file',
    target: nodeId === '' ? { parent: parseRef(parentId), name } : { nodeId: parseUuid(nodeId, 'node_id') },
    versionId: parseUuid(put.versionId, 'version_id'),
    manifestId: put.manifestId,
    size,
    mtime,
    onConflict: parseOnFileConflict(put.onConflict),
    expect: baseRev === undefined ? {} : { contentRev: Number(baseRev) }
  }
}

const REF = 'op:'

const parseRef = (ref: string): string =>
  ref.startsWith(REF) ? REF + parseUuid(ref.slice(REF.length), 'op reference') : parseUuid(ref, 'node reference')

const parseOnConflict = (text: string): OnConflict => {
  if (text === '' || text === 'fail') return 'fail'
  if (text === 'rename') return 'rename'
  throw invalid('on_conflict is not known')
}

const parseOnFileConflict = (text: string): OnFileConflict =>
  text === '' || text === 'version' ? 'version' : parseOnConflict(text)
