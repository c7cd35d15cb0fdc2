import type { Node } from '@cairn/client'
import { type ReactNode, useState } from 'react'
import { contentUrl, thumbnailUrl } from '../../api/content-url.ts'
import { cx } from '../../lib/cx.ts'

/** Larger originals are shown as the server's reduced picture: a screen has no more points. */
const MAX_ORIGINAL_BYTES = 30_000_000

interface ImagePreviewProps {
  readonly node: Node
  /** Whether browsers draw this format themselves. */
  readonly drawable: boolean
  readonly fallback: ReactNode
}

/** The small picture at once, the original as soon as it is there; a click shows it in full size. */
export const ImagePreview = ({ node, drawable, fallback }: ImagePreviewProps) => {
  const reduced = thumbnailUrl(node, 1024)
  const original = contentUrl(node.driveId, node.id, node.versionId ?? undefined)
  const wantsOriginal = drawable && node.size <= MAX_ORIGINAL_BYTES
  const [source, setSource] = useState(wantsOriginal ? original : reduced)
  const [failed, setFailed] = useState(false)
  const [full, setFull] = useState(false)
  if (failed) return fallback
  const onError = () => {
    if (source === original) setSource(reduced)
    else if (source === reduced && drawable && !wantsOriginal) setSource(original)
    else setFailed(true)
  }
  return (
    <button
      type="button"
      aria-label={node.name}
      aria-pressed={full}
      onClick={() => setFull(!full)}
      className={cx('grid size-full overflow-auto p-4', full ? 'cursor-zoom-out' : 'cursor-zoom-in')}
    >
      <img
        src={source}
        alt={node.name}
        draggable={false}
        onError={onError}
        className={cx('m-auto rounded-md', full ? 'max-w-none' : 'max-h-full max-w-full object-contain')}
      />
    </button>
  )
}
