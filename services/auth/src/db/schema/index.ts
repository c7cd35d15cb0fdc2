import type { AccountTable, EmailTable, KnownSourceTable, UsernameTable } from './account.ts'
import type { AuditEventTable, AuditHeadTable, EventOutboxTable, LeaseTable } from './journals.ts'
import type { InviteTable, SettingTable, SetupTable } from './policy.ts'
import type { AppPasswordTable, MessageTable, ResetTokenTable, SigningKeyTable } from './secrets.ts'
import type { SessionTable } from './session.ts'

export interface AuthTables {
  'auth.account': AccountTable
  'auth.username': UsernameTable
  'auth.email': EmailTable
  'auth.known_source': KnownSourceTable
  'auth.setup': SetupTable
  'auth.setting': SettingTable
  'auth.invite': InviteTable
  'auth.session': SessionTable
  'auth.app_password': AppPasswordTable
  'auth.reset_token': ResetTokenTable
  'auth.message': MessageTable
  'auth.signing_key': SigningKeyTable
  'auth.audit_head': AuditHeadTable
  'auth.audit_event': AuditEventTable
  'auth.event_outbox': EventOutboxTable
  'auth.lease': LeaseTable
}
