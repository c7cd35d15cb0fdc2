import { extname } from 'node:path'

const TEXT = 'text/plain; charset=utf-8'

/** What browsers show without running anything of it. */
const SHOWN: Readonly<Record<string, string>> = {
  '.txt': TEXT,
  '.md': TEXT,
  '.csv': TEXT,
  '.log': TEXT,
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.apng': 'image/apng',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.ico': 'image/x-icon',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.ogg': 'audio/ogg',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
  '.flac': 'audio/flac',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.ogv': 'video/ogg',
  '.mkv': 'video/x-matroska'
}

/** Inert, but nothing a browser shows. */
const NAMED: Readonly<Record<string, string>> = {
  '.heic': 'image/heic',
  '.heif': 'image/heif',
  '.jxl': 'image/jxl',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.zip': 'application/zip'
}

/** Never what the uploader said: types are decided here. HTML, SVG, XML and scripts have none. */
export const mediaTypeOf = (name: string): string => {
  const extension = extname(name).toLowerCase()
  return SHOWN[extension] ?? NAMED[extension] ?? 'application/octet-stream'
}

export const isShownInline = (name: string): boolean => Object.hasOwn(SHOWN, extname(name).toLowerCase())
