import { declaredLength, readBody } from '../../http/body.ts'
import type { TusBody, TusCall } from '../../tus/call.ts'
import type { Checksum } from '../../tus/checksum.ts'
import type { TusRequest } from '../../tus/protocol.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { describeUpload, passOn } from './answer.ts'

/** Runs one validated request through the library; a refusal still says where the upload stands. */
export const runTus = async (
  deps: RouteDeps,
  exchange: Exchange,
  work: { call: TusCall; request: TusRequest }
): Promise<void> => {
  try {
    const response = await deps.tus.handle(work.call, work.request)
    describeUpload(work.call, exchange.reply)
    passOn(response, exchange.reply)
  } catch (error) {
    describeUpload(work.call, exchange.reply)
    throw error
  }
}

export const tusBody = ({ request }: Exchange, checksum: Checksum | undefined): TusBody => ({
  contentLength: declaredLength(request.raw),
  checksum,
  open: (options) => readBody(request.raw, options)
})

/** Headers for the library, from parsed values only. */
export const libraryHeaders = (values: Readonly<Record<string, string | number | undefined>>): Headers => {
  const headers = new Headers({ 'tus-resumable': '1.0.0' })
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) headers.set(name, String(value))
  }
  return headers
}
