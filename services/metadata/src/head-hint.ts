import type { NotificationPayloads } from '@cairn/contracts'
import type { ServiceHost } from '@cairn/service'

const CHANNEL = 'metadata.drive-head' satisfies keyof NotificationPayloads

/** Tells whoever listens that a drive has moved on. May be lost; the outbox carries the truth. */
export const announceHead = (host: Pick<ServiceHost, 'cache' | 'logger'>, driveId: string, headSeq: number): void => {
  const hint: NotificationPayloads[typeof CHANNEL] = { driveId, headSeq }
  host.cache.publish(CHANNEL, JSON.stringify(hint)).catch((error: unknown) => {
    host.logger.debug({ err: error }, 'a drive-head hint was lost')
  })
}
