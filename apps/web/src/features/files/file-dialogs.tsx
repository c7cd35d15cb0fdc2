import type { Node } from '@cairn/client'
import { lazy, Suspense } from 'react'
import { NewFolderDialog } from './new-folder-dialog.tsx'

const PlaceDialog = lazy(async () => ({ default: (await import('./place-dialog.tsx')).PlaceDialog }))
const VersionsDialog = lazy(async () => ({ default: (await import('./versions-dialog.tsx')).VersionsDialog }))

export type OpenDialog =
  | { readonly kind: 'new-folder' }
  | { readonly kind: 'place'; readonly action: 'move' | 'copy'; readonly nodes: readonly Node[] }
  | { readonly kind: 'versions'; readonly node: Node }

interface FileDialogsProps {
  readonly dialog: OpenDialog | undefined
  readonly folder: string
  readonly onClose: () => void
}

/** Loaded when first needed. */
export const FileDialogs = ({ dialog, folder, onClose }: FileDialogsProps) => {
  if (dialog === undefined) return null
  if (dialog.kind === 'new-folder') return <NewFolderDialog parent={folder} onClose={onClose} />
  return (
    <Suspense>
      {dialog.kind === 'place' ? (
        <PlaceDialog action={dialog.action} nodes={dialog.nodes} start={folder} onClose={onClose} />
      ) : (
        <VersionsDialog node={dialog.node} onClose={onClose} />
      )}
    </Suspense>
  )
}
