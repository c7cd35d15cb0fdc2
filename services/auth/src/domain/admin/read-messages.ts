import type { AuthContext } from '../../context.ts'
import { listMessages, type Message } from '../../store/messages.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import { messageLabel } from '../passwords/request-reset.ts'

export interface OpenMessage {
  readonly row: Message
  readonly url: string
}

const MOST = 200

/** Mail that could not be sent, with its links. Looking is recorded. */
export const readMessages = async (context: AuthContext, caller: SignedIn): Promise<OpenMessage[]> => {
  const rows = await listMessages(context.database.query, new Date(context.clock.now()), MOST)
  await context.database.transaction((tx) =>
    recordAudit(context, tx, {
      type: 'messages.viewed',
      caller,
      subjectId: undefined,
      result: 'done',
      details: { messages: rows.length }
    })
  )
  return rows.map((row) => ({
    row,
    url: Buffer.from(context.messageSeal.open(row.sealed_body, messageLabel(row.user_id, row.message_id))).toString(
      'utf8'
    )
  }))
}
