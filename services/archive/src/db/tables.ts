import type { Generated } from 'kysely'

/** Schema `archive`. */
export interface ArchiveTables {
  'archive.ticket': {
    user_id: string
    ticket_id: string
    vault_id: string
    drive_id: string
    credential: 'session' | 'app-password'
    credential_id: string
    /** SHA-256 of the cookie's secret; null when none was set. */
    secret_hash: Uint8Array | null
    name: string
    entries: number
    directory_offset: number
    directory_size: number
    size: number
    created_at: Generated<Date>
    expires_at: Date
  }
  'archive.page': {
    user_id: string
    ticket_id: string
    page_no: number
    first_offset: number
    directory_offset: number
    /** Deflated JSON, see store/pages.ts. */
    entries: Uint8Array
  }
  'archive.checksum': {
    vault_id: string
    version_id: string
    /** Bytes of the content that the sealed CRC covers, from its beginning. */
    length: number
    sealed: Uint8Array
    noted_at: Generated<Date>
  }
}
