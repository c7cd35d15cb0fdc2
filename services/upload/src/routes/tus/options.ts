import { CHECKSUM_ALGORITHMS } from '../../tus/checksum.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { passOn } from './answer.ts'
import { libraryHeaders } from './run.ts'

/** OPTIONS: what this server speaks. Needs no credentials. */
export const tellOptions = async (deps: RouteDeps, { reply }: Exchange): Promise<void> => {
  const response = await deps.tus.handle(
    { userId: '', method: 'OPTIONS', urgency: 'polite', signal: deps.context.stopping },
    { uploadId: undefined, headers: libraryHeaders({}) }
  )
  passOn(response, reply).header('tus-resumable', '1.0.0')
  reply.header('tus-checksum-algorithm', CHECKSUM_ALGORITHMS.join(','))
}
