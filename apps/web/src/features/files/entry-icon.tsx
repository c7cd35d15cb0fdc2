import type { Node } from '@cairn/client'
import { useState } from 'react'
import { thumbnailUrl } from '../../api/content-url.ts'
import { cx } from '../../lib/cx.ts'
import { hasThumbnail } from '../../lib/file-kind.ts'
import { FileIcon } from './file-icon.tsx'

interface EntryIconProps {
  readonly node: Node
  readonly className?: string
  /** Pixels of the thumbnail. */
  readonly size?: 64 | 256
}

/** A small picture of what is in the file where the server can make one, else the icon of its kind. */
export const EntryIcon = ({ node, className, size = 64 }: EntryIconProps) => {
  const [failed, setFailed] = useState<string>()
  const url = node.versionId !== null && hasThumbnail(node.name) ? thumbnailUrl(node, size) : undefined
  if (url === undefined || failed === url)
    return <FileIcon kind={node.kind} name={node.name} className={className ?? ''} />
  return (
    <img
      src={url}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setFailed(url)}
      className={cx(size === 64 ? 'rounded object-cover' : 'size-full object-cover', className)}
    />
  )
}
