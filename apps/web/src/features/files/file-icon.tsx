import {
  File,
  FileArchive,
  FileCode,
  FileHeadphone,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileType,
  FileVideoCamera,
  Presentation
} from 'lucide-react'
import { cx } from '../../lib/cx.ts'
import { type FileKind, fileKindOf } from '../../lib/file-kind.ts'

const ICONS: Readonly<Record<FileKind, readonly [icon: typeof File, tone: string]>> = {
  image: [FileImage, 'text-[light-dark(#2f7d5b,#7fcfa8)]'],
  video: [FileVideoCamera, 'text-[light-dark(#7a4fb0,#c3a5ee)]'],
  audio: [FileHeadphone, 'text-[light-dark(#a8497d,#eba3cb)]'],
  pdf: [FileType, 'text-[light-dark(#b3372b,#f39a8f)]'],
  markdown: [FileText, 'text-[light-dark(#3e6079,#9cc0d9)]'],
  code: [FileCode, 'text-[light-dark(#3b62ad,#9dbaf2)]'],
  text: [FileText, 'text-muted'],
  archive: [FileArchive, 'text-[light-dark(#8a6410,#e3bf6d)]'],
  sheet: [FileSpreadsheet, 'text-[light-dark(#22754a,#7fcfa8)]'],
  document: [FileText, 'text-[light-dark(#2f62b0,#9dbaf2)]'],
  slides: [Presentation, 'text-[light-dark(#b0561d,#f0ad7d)]'],
  other: [File, 'text-faint']
}

interface FileIconProps {
  readonly kind: 'file' | 'folder'
  readonly name: string
  readonly className?: string
}

export const FileIcon = ({ kind, name, className }: FileIconProps) => {
  if (kind === 'folder') return <FolderGlyph className={cx('text-folder', className)} />
  const [Icon, tone] = ICONS[fileKindOf(name)]
  return <Icon aria-hidden="true" strokeWidth={1.6} className={cx(tone, className)} />
}

export const FolderGlyph = ({ className }: { readonly className?: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" className={className} fill="currentColor">
    <path d="M3 6.5A2.5 2.5 0 0 1 5.5 4h3.4c.6 0 1.2.25 1.6.68L12 6.3h6.5A2.5 2.5 0 0 1 21 8.8v.2H3z" opacity=".65" />
    <path d="M3 9h18v8.5a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 17.5z" />
  </svg>
)
