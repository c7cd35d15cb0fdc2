import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { ArchiveTables } from '../db/tables.ts'
import type { Layout, LayoutPage } from '../layout/lay-out.ts'
import { packEntries, unpackEntries } from './pages.ts'

type Queryable = Kysely<ArchiveTables> | Transaction<ArchiveTables>

/** A prepared archive. Its bytes never change. */
export interface Ticket {
  readonly userId: string
  readonly ticketId: string
  readonly vaultId: string
  readonly driveId: string
  readonly credential: 'session' | 'app-password'
  readonly credentialId: string
  readonly secretHash: Uint8Array | undefined
  readonly name: string
  readonly entries: number
  readonly directoryOffset: number
  readonly directorySize: number
  readonly size: number
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface NewTicket
  extends Omit<Ticket, 'entries' | 'directoryOffset' | 'directorySize' | 'size' | 'createdAt' | 'expiresAt'> {
  readonly layout: Layout
  readonly lifeSeconds: number
}

export const countTickets = async (db: Queryable, userId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from archive.ticket where user_id = ${userId} and expires_at > now()`.execute(db)
  return rows[0]?.count ?? 0
}

export const insertTicket = async (tx: Queryable, ticket: NewTicket): Promise<Date> => {
  const { layout } = ticket
  const { expires_at: expiresAt } = await tx
    .insertInto('archive.ticket')
    .values({
      user_id: ticket.userId,
      ticket_id: ticket.ticketId,
      vault_id: ticket.vaultId,
      drive_id: ticket.driveId,
      credential: ticket.credential,
      credential_id: ticket.credentialId,
      secret_hash: ticket.secretHash ?? null,
      name: ticket.name,
      entries: layout.entries,
      directory_offset: layout.directoryOffset,
      directory_size: layout.directorySize,
      size: layout.size,
      expires_at: sql<Date>`now() + make_interval(secs => ${ticket.lifeSeconds})`
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  for (const page of layout.pages) {
    await tx
      .insertInto('archive.page')
      .values({
        user_id: ticket.userId,
        ticket_id: ticket.ticketId,
        page_no: page.pageNo,
        first_offset: page.offset,
        directory_offset: page.directoryOffset,
        entries: packEntries(page.entries)
      })
      .execute()
  }
  return expiresAt
}

/** Undefined when unknown or expired. */
export const findTicket = async (db: Queryable, userId: string, ticketId: string): Promise<Ticket | undefined> => {
  const row = await db
    .selectFrom('archive.ticket')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ticket_id', '=', ticketId)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
  return row && toTicket(row)
}

const toTicket = (row: Selectable<ArchiveTables['archive.ticket']>): Ticket => ({
  userId: row.user_id,
  ticketId: row.ticket_id,
  vaultId: row.vault_id,
  driveId: row.drive_id,
  credential: row.credential,
  credentialId: row.credential_id,
  secretHash: row.secret_hash ?? undefined,
  name: row.name,
  entries: row.entries,
  directoryOffset: row.directory_offset,
  directorySize: row.directory_size,
  size: row.size,
  createdAt: row.created_at,
  expiresAt: row.expires_at
})

type Place = 'first_offset' | 'directory_offset'

/** The pages from the one that holds byte `from` on, in order; by records or by directory headers. */
export async function* readPages(
  db: Queryable,
  ticket: Pick<Ticket, 'userId' | 'ticketId'>,
  { by, from }: { readonly by: Place; readonly from: number }
): AsyncGenerator<LayoutPage> {
  const first = await db
    .selectFrom('archive.page')
    .select(({ fn }) => fn.max('page_no').as('page_no'))
    .where('user_id', '=', ticket.userId)
    .where('ticket_id', '=', ticket.ticketId)
    .where(by, '<=', from)
    .executeTakeFirst()
  for (let pageNo = first?.page_no ?? 0; ; pageNo += 1) {
    const row = await db
      .selectFrom('archive.page')
      .selectAll()
      .where('user_id', '=', ticket.userId)
      .where('ticket_id', '=', ticket.ticketId)
      .where('page_no', '=', pageNo)
      .executeTakeFirst()
    if (row === undefined) return
    yield {
      pageNo,
      offset: row.first_offset,
      directoryOffset: row.directory_offset,
      entries: unpackEntries(row.entries)
    }
  }
}

export const deleteExpired = async (db: Queryable): Promise<void> => {
  await sql`delete from archive.ticket where expires_at < now()`.execute(db)
}
