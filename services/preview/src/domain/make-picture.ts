import type { PreviewContext } from '../context.ts'
import { LIMITS, type Reason, type Size } from '../recipe.ts'
import type { Rendered } from '../render/child.ts'
import { type Format, formatOf, HEAD_LENGTH } from '../render/format.ts'
import type { Renderer } from '../render/renderer.ts'
import type { Source } from './source.ts'

export interface Wanted {
  readonly source: Source
  readonly size: Size
  readonly renderer: Renderer
}

/** The first bytes say whether the rest is worth reading. */
export const makePicture = async (context: PreviewContext, wanted: Wanted, signal: AbortSignal): Promise<Rendered> => {
  const { source, size, renderer } = wanted
  const { vaultId, manifestId, size: length } = source
  const read = (end: number): AsyncIterable<Uint8Array> =>
    context.storageData.read({ vaultId, manifestId, start: 0, end }, signal)
  if (length > LIMITS.sourceBytes) return 'too_large'
  const format = formatOf(await collect(read(Math.min(length, HEAD_LENGTH))))
  const refusal = format === undefined ? 'format' : tooLarge(format, length)
  if (format === undefined || refusal !== undefined) return refusal ?? 'format'
  return await renderer.render({ request: { format, size, length }, source: () => read(length), signal })
}

const tooLarge = (format: Format, length: number): Reason | undefined =>
  format === 'svg' && length > LIMITS.svgBytes ? 'too_large' : undefined

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of bytes) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}
