import { CairnError } from '@cairn/contracts'
import type { PreviewContext } from '../context.ts'
import { renditionId } from '../crypto/rendition-box.ts'
import { RECIPE, type Size } from '../recipe.ts'
import { NoSharpError, type Rendered } from '../render/child.ts'
import { keep, recall, type Shelf } from './keep.ts'
import { makePicture } from './make-picture.ts'
import type { SharedRuns } from './shared-runs.ts'
import type { Source } from './source.ts'

export interface Asked {
  readonly source: Source
  readonly size: Size
}

const DETAILS = {
  format: 'There are no thumbnails of files of this kind.',
  too_large: 'The picture is too large for a thumbnail.',
  damaged: 'The picture could not be read.',
  too_complex: 'Making the thumbnail took too long or too much.',
  off: 'This server makes no thumbnails.'
} as const

/** The picture, kept from before or made now. Throws `no_preview` with a reason, `unavailable` when there is too much to do. */
export const thumbnail = async (
  deps: { readonly context: PreviewContext; readonly runs: SharedRuns<Rendered> },
  { source, size }: Asked,
  signal: AbortSignal
): Promise<Buffer> => {
  const { context, runs } = deps
  const { renderer } = context
  if (renderer === undefined) throw noPreview('off')
  const { vaultId, manifestId } = source
  const { key } = await context.storage().deriveVaultKey({ vaultId, purpose: 'preview:1' }, { signal })
  const shelf: Shelf = { vaultId, key, source, renditionId: renditionId(key, { recipe: RECIPE, size, manifestId }) }
  const kept = await recall(context, shelf)
  const name = `${vaultId}/${Buffer.from(shelf.renditionId).toString('hex')}`
  const make = async (whole: AbortSignal): Promise<Rendered> => {
    const rendered = await makePicture(context, { source, size, renderer }, whole)
    await keep(context, shelf, rendered)
    return rendered
  }
  const rendered = kept ?? (await runs.join(name, make, signal).catch(asNoPreview))
  if (typeof rendered === 'string') throw noPreview(rendered)
  return rendered
}

const noPreview = (reason: keyof typeof DETAILS): CairnError =>
  new CairnError('no_preview', DETAILS[reason], { details: { reason } })

const asNoPreview = (error: unknown): never => {
  throw error instanceof NoSharpError ? noPreview('off') : error
}
