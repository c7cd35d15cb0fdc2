/** What a source is, by its first bytes; names are not asked. */
export const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic', 'svg'] as const
export type Format = (typeof FORMATS)[number]

/** Bytes that are enough to tell. */
export const HEAD_LENGTH = 4096

export const formatOf = (head: Buffer): Format | undefined => {
  const ascii = (from: number, to: number): string => head.toString('latin1', from, to)
  if (ascii(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (/^GIF8[79]a$/.test(ascii(0, 6))) return 'gif'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp'
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(ascii(0, 4))) return 'tiff'
  if (ascii(4, 8) === 'ftyp') return heifOf(ascii(8, 12))
  return isSvg(head) ? 'svg' : undefined
}

const heifOf = (brand: string): Format | undefined => {
  if (brand === 'avif' || brand === 'avis') return 'avif'
  return ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'].includes(brand) ? 'heic' : undefined
}

/** An element named svg, after nothing but white space, declarations and comments. */
const isSvg = (head: Buffer): boolean =>
  /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*|<!DOCTYPE\s+svg[^[>]*(?:\[[\s\S]{0,2000}?\])?>\s*)*<svg[\s>]/.test(
    head.toString('utf8')
  )
