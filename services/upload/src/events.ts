import type { Counter, Metrics } from '@cairn/runtime'

/** How content came in. */
export type Door = 'tus' | 'put' | 'chunked' | 'batch'

/** What this service counts, one function per event. */
export interface UploadEvents {
  received(door: Door, bytes: number): void
  committed(door: Door, files: number): void
  refused(door: Door, code: string): void
  expired(): void
  recovered(): void
}

export const createUploadEvents = (metrics: Metrics): UploadEvents => {
  const bytes = metrics.counter({
    name: 'cairn_upload_received_bytes_total',
    help: 'Content that was stored',
    labelNames: ['door']
  })
  const files = metrics.counter({
    name: 'cairn_upload_files_total',
    help: 'Files whose commit was judged, by outcome',
    labelNames: ['door', 'outcome']
  })
  const sessions: Counter<'end'> = metrics.counter({
    name: 'cairn_upload_sessions_ended_total',
    help: 'Sessions ended by a job',
    labelNames: ['end']
  })
  return {
    received: (door, count) => bytes.inc({ door }, count),
    committed: (door, count) => files.inc({ door, outcome: 'committed' }, count),
    refused: (door, outcome) => files.inc({ door, outcome }),
    expired: () => sessions.inc({ end: 'expired' }),
    recovered: () => sessions.inc({ end: 'recovered' })
  }
}
