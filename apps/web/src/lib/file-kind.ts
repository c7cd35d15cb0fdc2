import { extensionOf } from './sort.ts'

export type FileKind =
  | 'image'
  | 'video'
  | 'audio'
  | 'pdf'
  | 'markdown'
  | 'code'
  | 'text'
  | 'archive'
  | 'sheet'
  | 'document'
  | 'slides'
  | 'other'

const words = (text: string): readonly string[] => text.split(' ')

const KINDS: Readonly<Record<Exclude<FileKind, 'other'>, readonly string[]>> = {
  image: words('png jpg jpeg gif webp avif heic heif tif tiff bmp ico raw cr2 nef arw dng'),
  video: words('mp4 webm mov mkv avi m4v ogv mpg mpeg'),
  audio: words('mp3 ogg wav flac m4a aac opus wma aiff'),
  pdf: ['pdf'],
  markdown: words('md markdown'),
  code: words(
    'js mjs cjs ts tsx jsx json json5 jsonc html htm xhtml xml svg css scss less py rb go rs java kt kts swift c h cc cpp hpp cs php sh bash zsh fish ps1 bat sql yaml yml toml ini conf lua pl r scala clj ex exs erl hs ml vue svelte dart gradle cmake dockerfile makefile tf proto graphql diff patch tex wat'
  ),
  text: words('txt log csv tsv rtf srt vtt nfo text env gitignore'),
  archive: words('zip gz tgz bz2 xz zst 7z rar tar iso dmg jar deb rpm apk'),
  sheet: words('xls xlsx ods numbers'),
  document: words('doc docx odt pages epub'),
  slides: words('ppt pptx odp key')
}

const BY_EXTENSION = new Map(
  Object.entries(KINDS).flatMap(([kind, extensions]) => extensions.map((extension) => [extension, kind as FileKind]))
)
const BY_NAME: Readonly<Record<string, FileKind>> = {
  dockerfile: 'code',
  makefile: 'code',
  license: 'text',
  readme: 'text'
}

export const fileKindOf = (name: string): FileKind =>
  BY_EXTENSION.get(extensionOf(name)) ?? BY_NAME[name.toLowerCase()] ?? 'other'

/** What browsers draw from an <img>; all else of the kind has to be downloaded. */
const DRAWN = new Set(words('png jpg jpeg gif webp avif bmp ico'))
export const isDrawable = (name: string): boolean => DRAWN.has(extensionOf(name))

/** Text that a browser would run if it were served as what it is. It is only ever shown as text. */
const ACTIVE = new Set(words('html htm xhtml svg xml'))
export const isActiveContent = (name: string): boolean => ACTIVE.has(extensionOf(name))

/** What servers make thumbnails of. */
const THUMBED = new Set(words('png jpg jpeg gif webp avif heic heif tif tiff svg'))
export const hasThumbnail = (name: string): boolean => THUMBED.has(extensionOf(name))
