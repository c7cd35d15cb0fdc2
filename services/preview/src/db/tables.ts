import type { Generated } from 'kysely'
import type { Reason } from '../recipe.ts'

/** Schema `preview`. Everything in it can be made again. */
export interface PreviewTables {
  /** A picture, or the refusal of one. */
  'preview.rendition': {
    vault_id: string
    rendition_id: Uint8Array
    manifest_id: Uint8Array
    /** Null for a refusal. */
    object_key: string | null
    bytes: number
    reason: Reason | null
    made_at: Generated<Date>
    seen_at: Generated<Date>
  }
  /** Which versions were asked for: their purge takes the pictures along. */
  'preview.shown': {
    vault_id: string
    version_id: string
    manifest_id: Uint8Array
  }
}
