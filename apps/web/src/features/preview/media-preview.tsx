import type { Node } from '@cairn/client'
import { type ReactNode, useState } from 'react'
import { contentUrl } from '../../api/content-url.ts'
import { FileIcon } from '../files/file-icon.tsx'

interface MediaPreviewProps {
  readonly node: Node
  readonly kind: 'video' | 'audio'
  readonly fallback: ReactNode
}

/** The browser's own player; it asks for the ranges it needs. */
export const MediaPreview = ({ node, kind, fallback }: MediaPreviewProps) => {
  const [failed, setFailed] = useState(false)
  const source = contentUrl(node.driveId, node.id, node.versionId ?? undefined)
  if (failed) return fallback
  if (kind === 'video') {
    return (
      <div className="grid h-full place-items-center p-4">
        {/* biome-ignore lint/a11y/useMediaCaption: people's own files; captions are in them or nowhere */}
        <video
          controls
          preload="metadata"
          src={source}
          aria-label={node.name}
          onError={() => setFailed(true)}
          className="max-h-full max-w-full rounded-md bg-black"
        />
      </div>
    )
  }
  return (
    <div className="grid h-full place-content-center justify-items-center gap-6 p-6">
      <FileIcon kind="file" name={node.name} className="size-24" />
      {/* biome-ignore lint/a11y/useMediaCaption: people's own files; captions are in them or nowhere */}
      <audio
        controls
        preload="metadata"
        src={source}
        aria-label={node.name}
        onError={() => setFailed(true)}
        className="w-[min(30rem,80vw)]"
      />
    </div>
  )
}
