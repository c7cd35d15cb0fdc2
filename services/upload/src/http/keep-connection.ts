import type { Clock } from '@cairn/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'

const EVERY_MS = 20_000

/** Says "102 Processing" while long work goes on, so that nobody takes the connection for dead. */
export const keepConnection = async <T>(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  clock: Clock,
  work: () => Promise<T>
): Promise<T> => {
  const done = new AbortController()
  const speak = async (): Promise<void> => {
    while (!done.signal.aborted) {
      await clock.sleep(EVERY_MS, done.signal)
      if (request.raw.httpVersion === '1.1' && !reply.raw.destroyed) reply.raw.writeProcessing()
    }
  }
  speak().catch(() => undefined) // ends by being stopped
  try {
    return await work()
  } finally {
    done.abort()
  }
}
