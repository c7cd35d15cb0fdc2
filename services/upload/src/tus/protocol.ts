import { Server } from '@tus/server'
import type { UploadContext } from '../context.ts'
import { createTusCalls, type TusCall } from './call.ts'
import { TUS_PATH } from './constants.ts'
import { fromLibraryError } from './library-error.ts'
import { SessionDataStore } from './session-data-store.ts'
import { createSessionLocker } from './session-locker.ts'

export interface TusRequest {
  /** Undefined for the collection itself. */
  readonly uploadId: string | undefined
  /** Already validated; nothing else of the original request reaches the library. */
  readonly headers: Headers
}

export interface TusProtocol {
  /** The library's answer. Throws CairnError for every refusal. */
  handle(call: TusCall, request: TusRequest): Promise<Response>
}

export const createTusProtocol = (context: UploadContext): TusProtocol => {
  const calls = createTusCalls()
  const server = new Server({
    path: TUS_PATH,
    datastore: new SessionDataStore(context, calls),
    locker: createSessionLocker(context, calls),
    maxSize: context.config.maxBytes,
    relativeLocation: true,
    allowedOrigins: () => false,
    namingFunction: () => calls.current().creation?.uploadId ?? '',
    onUploadFinish: async () => ({ headers: finishedHeaders(calls.current()) }),
    onResponseError: (_request, error) => {
      throw fromLibraryError(error, calls.current())
    }
  })
  return {
    handle: (call, { uploadId, headers }) => {
      const path = uploadId === undefined ? TUS_PATH : `${TUS_PATH}/${uploadId}`
      const request = new Request(`http://upload.invalid${path}`, { method: call.method, headers })
      return calls.run(call, () => server.handleWeb(request))
    }
  }
}

const finishedHeaders = ({ finished }: TusCall): Record<string, string> =>
  finished ? { 'Cairn-Node-Id': finished.nodeId, 'Cairn-Version-Id': finished.versionId } : {}
