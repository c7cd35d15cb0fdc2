import { useRef } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { fromFiles } from './collect.ts'
import { useUploads, useUploadsSnapshot } from './uploads-context.tsx'

/** What an earlier visit left: by permission where the browser keeps handles, else by choosing the files again. */
export const ResumeNotice = () => {
  const { t } = useLocale()
  const uploads = useUploads()
  const { items, totals, handles, missing } = useUploadsSnapshot()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  if (totals.detached === 0) return null
  const detached = items.filter(({ state }) => state === 'detached')
  const fromFolder = detached.some(({ path }) => path !== '')
  const attach = (chosen: FileList | null) => {
    if (chosen !== null && chosen.length > 0) uploads.attach(fromFiles(chosen))
  }
  return (
    <div className="grid gap-3 border-b border-line p-4">
      <div>
        <h3 className="font-medium">{t.upload.resumeTitle(totals.detached)}</h3>
        <p className="text-muted">{t.upload.resumeText}</p>
      </div>
      {missing > 0 && <Notice kind="warning">{t.upload.resumeMissing(missing)}</Notice>}
      <div className="flex flex-wrap gap-2">
        {handles.length > 0 && (
          <Button variant="primary" onClick={() => void uploads.reopen()}>
            {t.upload.resumeAllow}
          </Button>
        )}
        <Button variant={handles.length > 0 ? 'plain' : 'primary'} onClick={() => files.current?.click()}>
          {t.upload.resumePick}
        </Button>
        {fromFolder && <Button onClick={() => folder.current?.click()}>{t.upload.resumePickFolder}</Button>}
        <Button variant="quiet" onClick={() => uploads.cancel(detached.map(({ id }) => id))}>
          {t.upload.resumeDiscard}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-testid="resume-files"
        onChange={(event) => attach(event.target.files)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        {...{ webkitdirectory: '' }}
        onChange={(event) => attach(event.target.files)}
      />
    </div>
  )
}
