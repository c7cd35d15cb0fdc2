/** Rules by which pictures are made; a change of them is a new number, and old pictures are made anew. */
export const RECIPE = 1

export const SIZES = [64, 256, 1024] as const
export type Size = (typeof SIZES)[number]

export const MEDIA_TYPE = 'image/webp'

export const LIMITS = {
  sourceBytes: 128 * 1024 * 1024,
  svgBytes: 2 * 1024 * 1024,
  pixels: 128_000_000,
  milliseconds: 10_000,
  workerBytes: 768 * 1024 * 1024
} as const

/** Why there is no picture of a content. Lasting, but for `too_complex`, which may have been a bad moment. */
export const REASONS = ['format', 'too_large', 'damaged', 'too_complex'] as const
export type Reason = (typeof REASONS)[number]
