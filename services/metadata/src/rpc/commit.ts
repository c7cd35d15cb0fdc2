import type { MessageInitShape } from '@bufbuild/protobuf'
import type { metadataV1 } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import { invalid } from '../errors.ts'
import { submit } from '../operations/submit.ts'
import { MAX_UNIT } from '../operations/submitted.ts'
import { parseUuid } from '../uuid.ts'
import { operationResult } from './operation-result.ts'
import { parseOperation } from './parse-operation.ts'

type CommitResponse = MessageInitShape<typeof metadataV1.CommitResponseSchema>

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
const DEVICE_ID = /^[^\u0000-\u001f\u007f]{0,200}$/

export const commit = async (context: MetadataContext, request: metadataV1.CommitRequest): Promise<CommitResponse> => {
  const userId = parseUuid(request.userId, 'user_id')
  if (!DEVICE_ID.test(request.deviceId)) throw invalid('device_id is not valid')
  if (request.operations.length > MAX_UNIT) throw invalid(`A commit takes at most ${MAX_UNIT} operations`)
  const operations = request.operations.map(parseOperation)
  const drive = await context.findDrive(userId, request.drive)
  const { outcomes, headSeq } = await submit(context, drive, {
    actor: { userId, deviceId: request.deviceId, role: drive.role },
    operations,
    atomic: request.atomic
  })
  return {
    headSeq: BigInt(headSeq),
    results: operations.flatMap((operation, index) => {
      const outcome = outcomes[index]
      return outcome === undefined ? [] : [operationResult(operation, outcome)]
    })
  }
}
