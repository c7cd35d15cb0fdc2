import { Dialog } from '@base-ui/react/dialog'
import type { Node } from '@cairn/client'
import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight, Download, ExternalLink, X } from 'lucide-react'
import { type KeyboardEvent, lazy, Suspense } from 'react'
import { useClient } from '../../api/client.tsx'
import { inlineUrl } from '../../api/content-url.ts'
import { nodeQuery } from '../../api/files-queries.ts'
import { useLocale } from '../../app/locale.tsx'
import { fileKindOf, isDrawable } from '../../lib/file-kind.ts'
import { Button, IconButton, Spinner } from '../../ui/button.tsx'
import { FileIcon } from '../files/file-icon.tsx'
import { useDownload } from '../files/use-download.ts'
import { useDrive } from '../files/use-drive.ts'
import { ImagePreview } from './image-preview.tsx'
import { MediaPreview } from './media-preview.tsx'

const PdfPreview = lazy(async () => ({ default: (await import('./pdf-preview.tsx')).PdfPreview }))
const TextPreview = lazy(async () => ({ default: (await import('./text-preview.tsx')).TextPreview }))

interface PreviewProps {
  readonly id: string
  /** What the arrows walk through: the files of the list, as it is sorted. */
  readonly siblings: readonly Node[]
  readonly onMove: (id: string) => void
  readonly onClose: () => void
}

/** A file in place. Nothing of it ever runs in the app's origin: it is drawn, played, or shown as text. */
export const Preview = ({ id, siblings, onMove, onClose }: PreviewProps) => {
  const { t, bytes } = useLocale()
  const client = useClient()
  const drive = useDrive()
  const download = useDownload()
  const files = siblings.filter(({ kind }) => kind === 'file')
  const at = files.findIndex((node) => node.id === id)
  const asked = useQuery({ ...nodeQuery(client, drive.id, id), enabled: at < 0 })
  const node = files[at] ?? asked.data
  const [before, after] = at < 0 ? [] : [files[at - 1], files[at + 1]]
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.closest('video, audio, input, [data-own-keys]') !== null)
      return
    if (event.key === 'ArrowLeft' && before !== undefined) onMove(before.id)
    if (event.key === 'ArrowRight' && after !== undefined) onMove(after.id)
  }
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade-motion fixed inset-0 z-40 bg-ground/95" />
        <Dialog.Popup
          onKeyDown={onKeyDown}
          className="fade-motion fixed inset-0 z-50 grid grid-rows-[auto_minmax(0,1fr)] outline-none"
        >
          <header className="flex items-center gap-2 border-b border-line bg-raised px-3 py-2">
            {node !== undefined && <FileIcon kind="file" name={node.name} className="ms-1 size-6 shrink-0" />}
            <div className="min-w-0 grow ps-1">
              <Dialog.Title className="truncate font-semibold">{node?.name ?? t.files.preview}</Dialog.Title>
              {node !== undefined && (
                <p className="numeric truncate text-xs text-muted">
                  {bytes(node.size)}
                  {at >= 0 && files.length > 1 && ` · ${t.preview.position(at + 1, files.length)}`}
                </p>
              )}
            </div>
            {node !== undefined && (
              <>
                <IconButton
                  label={t.files.openInTab}
                  className="max-xs:hidden"
                  onClick={() => window.open(inlineUrl(node.driveId, node.id), '_blank', 'noopener')}
                >
                  <ExternalLink />
                </IconButton>
                <IconButton label={t.files.download} onClick={() => void download([node])}>
                  <Download />
                </IconButton>
              </>
            )}
            <Dialog.Close render={<IconButton label={t.preview.close} />}>
              <X />
            </Dialog.Close>
          </header>
          <div className="relative min-h-0">
            {node === undefined ? (
              <Waiting failed={asked.isError} />
            ) : (
              <Suspense fallback={<Waiting failed={false} />}>
                <Content
                  key={`${node.id} ${node.versionId ?? ''}`}
                  node={node}
                  onDownload={() => void download([node])}
                />
              </Suspense>
            )}
            {before !== undefined && (
              <IconButton
                label={t.preview.previous}
                onClick={() => onMove(before.id)}
                className="absolute start-3 top-1/2 size-11! -translate-y-1/2 rounded-full! bg-raised shadow-pop max-md:top-auto max-md:bottom-4 max-md:translate-y-0 [&>svg]:rtl:-scale-x-100"
              >
                <ChevronLeft />
              </IconButton>
            )}
            {after !== undefined && (
              <IconButton
                label={t.preview.next}
                onClick={() => onMove(after.id)}
                className="absolute end-3 top-1/2 size-11! -translate-y-1/2 rounded-full! bg-raised shadow-pop max-md:top-auto max-md:bottom-4 max-md:translate-y-0 [&>svg]:rtl:-scale-x-100"
              >
                <ChevronRight />
              </IconButton>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const Content = ({ node, onDownload }: { readonly node: Node; readonly onDownload: () => void }) => {
  const kind = fileKindOf(node.name)
  if (kind === 'image')
    return (
      <ImagePreview
        node={node}
        drawable={isDrawable(node.name)}
        fallback={<NoPreview node={node} onDownload={onDownload} />}
      />
    )
  if (kind === 'video' || kind === 'audio') {
    return <MediaPreview node={node} kind={kind} fallback={<NoPreview node={node} onDownload={onDownload} />} />
  }
  if (kind === 'pdf') return <PdfPreview node={node} />
  if (kind === 'text' || kind === 'code' || kind === 'markdown')
    return <TextPreview node={node} markdown={kind === 'markdown'} />
  return <NoPreview node={node} onDownload={onDownload} />
}

const Waiting = ({ failed }: { readonly failed: boolean }) => {
  const { t } = useLocale()
  return (
    <div role="status" className="grid h-full place-items-center text-muted">
      {failed ? t.preview.failed : <Spinner className="size-6" />}
    </div>
  )
}

const NoPreview = ({ node, onDownload }: { readonly node: Node; readonly onDownload: () => void }) => {
  const { t } = useLocale()
  return (
    <div className="grid h-full place-content-center justify-items-center gap-4 p-6 text-center">
      <FileIcon kind="file" name={node.name} className="size-20" />
      <p className="text-muted">{t.preview.none}</p>
      <Button variant="primary" icon={<Download className="size-4" />} onClick={onDownload}>
        {t.files.download}
      </Button>
    </div>
  )
}
