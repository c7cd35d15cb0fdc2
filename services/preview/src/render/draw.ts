import type { Sharp, SharpOptions } from 'sharp'
import { LIMITS, type Reason } from '../recipe.ts'
import type { Format } from './format.ts'

/** The library, loaded by whoever runs in a process of its own. */
export type SharpLibrary = typeof import('sharp').default

const QUALITY = 78
const SVG_DPI = 72
const MAX_DPI = 2400

/** Only these are reachable, and only from memory: nothing in a file can name another file. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif', 'Svg'].map((name) => `VipsForeignLoad${name}Buffer`)

export const prepareLibrary = (sharp: SharpLibrary): void => {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: LOADERS })
  sharp.cache(false)
  sharp.concurrency(1)
}

export interface Drawing {
  readonly format: Format
  readonly size: number
  readonly source: Buffer
}

/** Upright, within size × size, never enlarged (drawings have no size of their own), without metadata. */
export const draw = async (sharp: SharpLibrary, { format, size, source }: Drawing): Promise<Buffer | Reason> => {
  try {
    const image = sharp(source, { ...OPTIONS, ...(format === 'svg' ? await svgOptions(sharp, source, size) : {}) })
    return await finish(image, size)
  } catch (error) {
    return reasonOf(error, format)
  }
}

const OPTIONS: SharpOptions = {
  limitInputPixels: LIMITS.pixels,
  sequentialRead: true,
  failOn: 'error',
  pages: 1
}

const finish = (image: Sharp, size: number): Promise<Buffer> =>
  image
    .autoOrient()
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .webp({ quality: QUALITY, effort: 2 })
    .toBuffer()

const svgOptions = async (sharp: SharpLibrary, source: Buffer, size: number): Promise<SharpOptions> => {
  const { width, height } = await sharp(source, OPTIONS).metadata()
  const wanted = (SVG_DPI * size) / Math.max(width, height, 1)
  return { density: Math.min(Math.max(wanted, 1), MAX_DPI) }
}

const reasonOf = (error: unknown, format: Format): Reason => {
  const message = error instanceof Error ? error.message : ''
  if (/exceeds pixel limit|too large|dimensions/i.test(message)) return 'too_large'
  // Pictures of telephones need a codec that is not free to ship everywhere.
  if (format === 'heic' || /unsupported image format|no known/i.test(message)) return 'format'
  return 'damaged'
}
