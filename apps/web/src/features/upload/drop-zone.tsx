import { CloudUpload } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { useNotify } from '../../ui/toasts.tsx'
import { fromDrop } from './collect.ts'
import { useUploads } from './uploads-context.tsx'
import { useUploadTarget } from './use-file-picker.ts'

interface DropZoneProps {
  readonly folder: { readonly id: string; readonly name: string }
  /** The folder shown at that place of the page, if any: what is dropped on a folder goes into it. */
  readonly folderAt: (element: Element | null) => { readonly id: string; readonly name: string } | undefined
}

/** The whole window takes files. */
export const DropZone = ({ folder, folderAt }: DropZoneProps) => {
  const { t } = useLocale()
  const notify = useNotify()
  const uploads = useUploads()
  const target = useUploadTarget()
  const [over, setOver] = useState<string>()
  const latest = useRef({ folder, folderAt, target })
  latest.current = { folder, folderAt, target }

  useEffect(() => {
    let depth = 0
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const place = (event: DragEvent) =>
      latest.current.folderAt(event.target instanceof Element ? event.target : null) ?? latest.current.folder
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth += 1
      setOver(place(event).name)
    }
    const move = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
      setOver(place(event).name)
    }
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(undefined)
    }
    const drop = (event: DragEvent) => {
      if (event.dataTransfer === null || !carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(undefined)
      const { id, name } = place(event)
      uploads.reading(0)
      fromDrop(event.dataTransfer, uploads.reading)
        .then((collected) => uploads.add(latest.current.target(id, name), collected))
        .catch((error: unknown) => notify.failed(t.upload.unreadable, explainShort(error, t)))
        .finally(() => uploads.reading(undefined))
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragover', move)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragover', move)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [uploads, notify, t])

  if (over === undefined) return null
  return (
    <div className="pointer-events-none fixed inset-2 z-40 grid place-items-end justify-center rounded-2xl border-2 border-dashed border-accent pb-10">
      <p className="flex items-center gap-3 rounded-full bg-accent px-5 py-3 font-medium text-on-accent shadow-pop">
        <CloudUpload aria-hidden="true" className="size-5" />
        {t.files.dropHere(over)}
      </p>
    </div>
  )
}
