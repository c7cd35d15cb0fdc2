import { BlobError } from '@cairn/blob-store'
import type { PreviewContext } from '../context.ts'
import { openPicture, type Place, sealPicture } from '../crypto/rendition-box.ts'
import type { Rendered } from '../render/child.ts'
import { dropRendition, findRendition, keepRendition } from '../store/renditions.ts'
import type { Source } from './source.ts'

const NONCE = 12
const TOKEN = 8

/** Where the picture of a source is kept, and what opens it. */
export interface Shelf extends Place {
  readonly key: Uint8Array
  readonly source: Source
}

/** What was made before; what cannot be read is forgotten, to be made again. */
export const recall = async (context: PreviewContext, shelf: Shelf): Promise<Rendered | undefined> => {
  const found = await findRendition(context.database.query, shelf, shelf.source)
  if (found === undefined) return undefined
  if (found.objectKey === null) return found.reason ?? 'damaged'
  try {
    const sealed = await context.blobs.read(found.objectKey, 0, found.bytes)
    const picture = openPicture(shelf.key, sealed, shelf)
    if (picture !== undefined) return picture
    context.logger.warn({ objectKey: found.objectKey }, 'a kept thumbnail was altered; it is made again')
  } catch (error) {
    if (!(error instanceof BlobError)) throw error
    context.logger.warn({ err: error, objectKey: found.objectKey }, 'a kept thumbnail is lost; it is made again')
  }
  await dropRendition(context.database.query, shelf, found.objectKey)
  await context.blobs.delete(found.objectKey)
  return undefined
}

/** Keeps a picture, or the refusal. Failing to costs making it again, nothing else. */
export const keep = async (context: PreviewContext, shelf: Shelf, rendered: Rendered): Promise<void> => {
  try {
    const { manifestId } = shelf.source
    const made =
      typeof rendered === 'string'
        ? { objectKey: null, bytes: 0, reason: rendered, manifestId }
        : { ...(await store(context, shelf, rendered)), reason: null, manifestId }
    if (made.objectKey === null && made.reason === null) return
    const replaced = await context.database.transaction((tx) => keepRendition(tx, shelf, made))
    if (replaced !== undefined) await context.blobs.delete(replaced)
  } catch (error) {
    context.logger.warn({ err: error }, 'a thumbnail could not be kept')
  }
}

/** Objects are written under a name of their own: two servers may make the same picture at a time. */
const store = async (
  context: PreviewContext,
  shelf: Shelf,
  picture: Buffer
): Promise<{ objectKey: string | null; bytes: number }> => {
  const { reserveBytes } = context.config
  const free = await context.blobs.freeBytes()
  if (free !== undefined && free < reserveBytes) return { objectKey: null, bytes: 0 }
  const sealed = sealPicture(shelf.key, context.random.bytes(NONCE), { place: shelf, picture })
  const objectKey = objectKeyOf(shelf, Buffer.from(context.random.bytes(TOKEN)).toString('hex'))
  const writer = await context.blobs.create(objectKey)
  try {
    await writer.write([sealed])
    await writer.commit()
  } catch (error) {
    await writer.abort()
    throw error
  }
  return { objectKey, bytes: sealed.length }
}

export const OBJECTS = 'v1/preview/'

const objectKeyOf = ({ vaultId, renditionId }: Place, token: string): string =>
  `${OBJECTS}${vaultId.replaceAll('-', '')}/${Buffer.from(renditionId).toString('hex')}-${token}`
