import type { CallOptions } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'
import type { DoctorRequest, Finding } from './admin.ts'

/** Examinations in the background. */
export interface DoctorAdministration {
  /** Rejects with `conflict` while one runs. */
  startDoctor(request: DoctorRequest, options?: CallOptions): Promise<DoctorRun>
  /** Newest first. */
  doctorRuns(options?: CallOptions): Promise<readonly DoctorRun[]>
  doctorRun(id: string, options?: CallOptions): Promise<DoctorRun>
  cancelDoctor(id: string, options?: CallOptions): Promise<void>
}

export interface DoctorRun {
  readonly id: string
  /** `lost`: its process has gone. */
  readonly state: 'running' | 'done' | 'failed' | 'cancelled' | 'lost'
  readonly level: number
  readonly repair: boolean
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly progress: DoctorProgress
  /** There when it is done; at most 1000. */
  readonly findings: readonly Finding[]
  readonly error: string | null
}

export interface DoctorProgress {
  readonly vaults: number
  readonly vaultsDone: number
  readonly packs: number
  readonly packsDone: number
  readonly chunks: number
  readonly bytesRead: number
  readonly repaired: number
  /** Findings so far. */
  readonly total: number
}

const RUNS = '/v1/admin/storage/doctor/runs'

export const doctorAdministration = (transport: Transport): DoctorAdministration => ({
  startDoctor: (json, { signal } = {}) => transport.json({ method: 'POST', path: RUNS, json, signal }),
  doctorRuns: async ({ signal } = {}) =>
    (await transport.json<{ items: readonly DoctorRun[] }>({ method: 'GET', path: RUNS, signal })).items,
  doctorRun: (id, { signal } = {}) =>
    transport.json({ method: 'GET', path: path`/v1/admin/storage/doctor/runs/${id}`, signal }),
  cancelDoctor: (id, { signal } = {}) =>
    transport.none({ method: 'DELETE', path: path`/v1/admin/storage/doctor/runs/${id}`, signal })
})
