import { createHash } from 'node:crypto'
import { CairnError } from '@cairn/contracts'
import type { Identity } from '@cairn/identity'
import type { ArchiveContext } from '../context.ts'
import { arrange } from '../layout/arrange.ts'
import { layOut } from '../layout/lay-out.ts'
import { safeName } from '../layout/safe-name.ts'
import { countTickets, insertTicket } from '../store/tickets.ts'

export interface Selection {
  readonly drive: string
  readonly nodeIds: readonly string[]
  readonly name: string | undefined
  /** For the cookie by which a browser resumes; undefined: none is set. */
  readonly secret: Uint8Array | undefined
}

export interface MadeTicket {
  readonly ticketId: string
  readonly name: string
  readonly files: number
  readonly folders: number
  readonly contentBytes: number
  readonly size: number
  readonly expiresAt: Date
}

export const TICKET_LIFE_SECONDS = 24 * 3600
const TICKETS_OF_USER = 100
const RETRY_SECONDS = 600

/** Lists and lays out what is selected, and keeps that for a day. */
export const makeTicket = (context: ArchiveContext, identity: Identity, selection: Selection): Promise<MadeTicket> =>
  context.making.run(identity.userId, async () => {
    const { userId, credential, credentialId } = identity
    if ((await countTickets(context.database.query, userId)) >= TICKETS_OF_USER) {
      throw new CairnError('rate_limited', `At most ${TICKETS_OF_USER} archives may be prepared at a time.`, {
        retryAfter: RETRY_SECONDS
      })
    }
    const contents = await context.metadata().listContents({
      userId,
      drive: selection.drive,
      nodeIds: [...selection.nodeIds],
      limit: context.config.maxEntries
    })
    const entries = arrange(
      contents.nodes.map((node) => ({ ...node, size: Number(node.size), mtimeMs: Number(node.mtimeMs) }))
    )
    const contentBytes = entries.reduce((sum, entry) => sum + entry.size, 0)
    const layout = layOut(entries)
    if (!Number.isSafeInteger(layout.size)) throw new CairnError('payload_too_large', 'The archive would be too large')
    const ticketId = context.random.uuid()
    const name = archiveName(selection, contents)
    const secretHash = selection.secret && createHash('sha256').update(selection.secret).digest()
    const { vaultId, driveId } = contents
    const ticket = { userId, ticketId, vaultId, driveId, credential, credentialId, secretHash, name, layout }
    const expiresAt = await context.database.transaction((tx) =>
      insertTicket(tx, { ...ticket, lifeSeconds: TICKET_LIFE_SECONDS })
    )
    const folders = entries.filter((entry) => entry.folder).length
    return { ticketId, name, files: entries.length - folders, folders, contentBytes, size: layout.size, expiresAt }
  })

interface Listed {
  readonly driveName: string
  readonly folderName: string
  readonly nodes: readonly { readonly name: string }[]
}

/** As asked for, or after the one thing in it, the folder it is from, or the drive. */
const archiveName = (selection: Selection, { driveName, folderName, nodes }: Listed): string => {
  const only = selection.nodeIds.length === 1 ? nodes[0]?.name : undefined
  const stem = (selection.name ?? only) || folderName || driveName
  const plain = stem.replace(/\.zip$/i, '') || stem
  return `${safeName(plain.slice(0, MAX_STEM))}.zip`
}

const MAX_STEM = 80
