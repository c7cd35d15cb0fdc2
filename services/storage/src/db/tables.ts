import type { Generated } from 'kysely'
import type { DoctorProgress, DoctorState, Finding } from '../doctor/finding.ts'

/** Schema `storage`. Every key starts with vault_id. */
export interface StorageTables {
  'storage.vault': { vault_id: string; gc_epoch: Generated<number>; created_at: Generated<Date> }
  'storage.vault_key': {
    vault_id: string
    key_version: number
    kek_id: string
    wrapped: Uint8Array
    created_at: Generated<Date>
  }
  'storage.pack': {
    vault_id: string
    pack_id: string
    state: 'intent' | 'stored' | 'deleting'
    bytes: Generated<number>
    lease_until: Date | null
    created_at: Generated<Date>
  }
  'storage.chunk': {
    vault_id: string
    chunk_id: Uint8Array
    pack_id: string
    pack_offset: number
    record_length: number
    plain_length: number
    state: Generated<'live' | 'condemned' | 'suspect'>
    touch_epoch: number
    condemned_epoch: number | null
    condemned_at: Date | null
  }
  'storage.manifest': {
    vault_id: string
    manifest_id: Uint8Array
    size: number
    profile: number
    page_count: number
    entries: Uint8Array | null
    wire_ids: Uint8Array | null
  }
  'storage.manifest_page': {
    vault_id: string
    manifest_id: Uint8Array
    page_no: number
    first_offset: number
    entries: Uint8Array
    wire_ids: Uint8Array
  }
  'storage.reference': {
    vault_id: string
    reference_id: string
    manifest_id: Uint8Array
    confirmed: Generated<boolean>
    created_at: Generated<Date>
  }
  'storage.upload': {
    vault_id: string
    upload_id: string
    state: Generated<'open' | 'sealed' | 'expired'>
    durable_offset: Generated<number>
    pin_count: Generated<number>
    tail: Uint8Array | null
    lease_until: Date
    lease_seconds: number
  }
  'storage.upload_pin': {
    vault_id: string
    upload_id: string
    pin_no: number
    sequential: boolean
    entries: Uint8Array
    wire_ids: Uint8Array | null
  }
  /** Examinations, the newest few; one runs at a time. */
  'storage.doctor_run': {
    run_id: string
    state: DoctorState
    level: number
    repair: boolean
    started_at: Generated<Date>
    alive_at: Generated<Date>
    finished_at: Date | null
    progress: DoctorProgress
    findings: Generated<readonly Finding[]>
    error: string | null
  }
}
