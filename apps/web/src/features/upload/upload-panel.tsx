import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, Pause, Play, RotateCw, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import { IconButton } from '../../ui/button.tsx'
import { FileIcon } from '../files/file-icon.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { type ItemView, isFinal } from './engine/model.ts'
import { ResumeNotice } from './resume-notice.tsx'
import { secondsLeft } from './speed.ts'
import { useUploads, useUploadsSnapshot } from './uploads-context.tsx'

const ROW = 56

/** How uploads are going; there while there is something to say. */
export const UploadPanel = () => {
  const { t, bytes, duration } = useLocale()
  const uploads = useUploads()
  const { items, totals, perSecond, reading } = useUploadsSnapshot()
  const [open, setOpen] = useState(true)
  if (items.length === 0 && reading === undefined) return null

  const { active, done, failed, progress, known } = totals
  const title =
    reading !== undefined
      ? t.upload.readFolder(reading)
      : active > 0
        ? t.upload.running(active)
        : totals.paused
          ? t.upload.paused
          : failed > 0
            ? t.upload.partly(done, failed)
            : t.upload.finished(done)
  const left = secondsLeft(totals.bytes - progress, perSecond)
  const news = totals.waiting
    ? [t.upload.waiting]
    : active > 0
      ? [
          t.upload.of(bytes(progress), bytes(totals.bytes)),
          ...(perSecond > 0 ? [t.upload.speed(bytes(perSecond))] : []),
          ...(left === undefined ? [] : [t.upload.left(duration(left))])
        ]
      : known > 0
        ? [t.upload.known(bytes(known))]
        : []
  const share = totals.bytes === 0 ? (active > 0 ? 0 : 1) : progress / totals.bytes

  return (
    <section
      aria-label={t.upload.title}
      className="fixed end-4 bottom-4 z-30 flex max-h-[min(28rem,70dvh)] w-[min(26rem,calc(100vw-2rem))] flex-col overflow-hidden rounded-2xl bg-raised shadow-pop"
    >
      <header className="flex items-center gap-1 py-2 ps-4 pe-2">
        <div className="min-w-0 grow">
          <h2 aria-live="polite" className="truncate font-semibold">
            {title}
          </h2>
          {news.length > 0 && <p className="numeric truncate text-xs text-muted">{news.join(' · ')}</p>}
        </div>
        {failed > 0 && (
          <IconButton label={t.upload.retryAll} onClick={() => uploads.retry('all')}>
            <RotateCw />
          </IconButton>
        )}
        {active > 0 && (
          <IconButton label={t.upload.pauseAll} onClick={() => uploads.pause('all')}>
            <Pause />
          </IconButton>
        )}
        {totals.paused && (
          <IconButton label={t.upload.resumeAll} onClick={() => uploads.resume('all')}>
            <Play />
          </IconButton>
        )}
        <IconButton
          label={open ? t.upload.collapse : t.upload.expand}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown /> : <ChevronUp />}
        </IconButton>
        {active > 0 || totals.paused || totals.detached > 0 ? (
          <IconButton label={t.upload.cancelAll} onClick={() => uploads.cancel('all')}>
            <X />
          </IconButton>
        ) : (
          <IconButton label={t.upload.clear} onClick={() => uploads.cancel('all')}>
            <X />
          </IconButton>
        )}
      </header>
      <div
        role="progressbar"
        aria-label={t.upload.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-1 bg-sunken"
      >
        <div
          className={cx(
            'h-full transition-[inline-size] duration-300',
            failed > 0 && active === 0 ? 'bg-danger' : active > 0 ? 'bg-accent' : 'bg-ok'
          )}
          style={{ inlineSize: `${share * 100}%` }}
        />
      </div>
      {open && (
        <>
          <ResumeNotice />
          <List items={items} />
        </>
      )}
      <ConflictDialog />
    </section>
  )
}

const ORDER: Readonly<Record<ItemView['state'], number>> = {
  conflict: 0,
  failed: 1,
  sending: 2,
  committing: 2,
  detached: 3,
  paused: 3,
  queued: 4,
  done: 5,
  unchanged: 5,
  skipped: 5
}

const List = ({ items }: { readonly items: readonly ItemView[] }) => {
  const { t } = useLocale()
  const scroller = useRef<HTMLDivElement>(null)
  const sorted = items.toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
  const rows = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6
  })
  return (
    <div ref={scroller} tabIndex={0} role="group" aria-label={t.upload.title} className="min-h-0 overflow-y-auto">
      <ul className="relative" style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = sorted[index]
          return item === undefined ? null : (
            <li key={item.id} className="absolute inset-x-0 top-0" style={{ transform: `translateY(${start}px)` }}>
              <Row item={item} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const Row = ({ item }: { readonly item: ItemView }) => {
  const { t, bytes } = useLocale()
  const uploads = useUploads()
  const { id, name, path, size, state, progress, error } = item
  const moving = state === 'sending' || state === 'committing'
  const texts = {
    queued: t.upload.stateQueued,
    sending: size > 0 ? t.upload.of(bytes(progress), bytes(size)) : t.upload.stateSending,
    committing: t.upload.stateCommitting,
    paused: t.upload.paused,
    conflict: t.upload.stateConflict,
    failed: errorText(error, t.upload, t.errors.codes) ?? t.upload.stateFailed,
    detached: t.upload.stateDetached,
    done: bytes(size),
    unchanged: t.upload.stateUnchanged,
    skipped: t.upload.stateSkipped
  }
  return (
    <div className="relative flex h-14 items-center gap-3 ps-4 pe-2">
      <FileIcon kind="file" name={name} className="size-6 shrink-0" />
      <div className="min-w-0 grow">
        <p className="truncate" title={path === '' ? name : `${path}/${name}`}>
          {name}
        </p>
        <p
          className={cx(
            'numeric truncate text-xs',
            state === 'failed' || state === 'conflict' ? 'text-danger' : 'text-muted'
          )}
          title={texts[state]}
        >
          {texts[state]}
        </p>
      </div>
      {isFinal(state) && <CircleCheck aria-hidden="true" className="me-2 size-4.5 shrink-0 text-ok" />}
      {state === 'failed' && (
        <>
          <CircleAlert aria-hidden="true" className="size-4.5 shrink-0 text-danger" />
          <IconButton label={`${t.common.retry}: ${name}`} onClick={() => uploads.retry([id])}>
            <RotateCw />
          </IconButton>
        </>
      )}
      {state === 'paused' && (
        <IconButton label={`${t.upload.resume}: ${name}`} onClick={() => uploads.resume([id])}>
          <Play />
        </IconButton>
      )}
      {(moving || state === 'queued') && (
        <IconButton label={`${t.upload.pause}: ${name}`} onClick={() => uploads.pause([id])}>
          <Pause />
        </IconButton>
      )}
      {!isFinal(state) && (
        <IconButton label={`${t.upload.cancel}: ${name}`} onClick={() => uploads.cancel([id])}>
          <X />
        </IconButton>
      )}
      {moving && size > 0 && (
        <div className="absolute inset-x-4 bottom-0 h-0.5 bg-sunken">
          <div
            className="h-full bg-accent transition-[inline-size]"
            style={{ inlineSize: `${(progress / size) * 100}%` }}
          />
        </div>
      )}
    </div>
  )
}

const errorText = (
  error: ItemView['error'],
  own: { readonly changed: string; readonly unreadable: string; readonly tooOld: string },
  codes: Readonly<Record<string, string>>
): string | undefined => {
  if (error === undefined) return undefined
  if (error.code === 'changed') return own.changed
  if (error.code === 'unreadable') return own.unreadable
  if (error.code === 'unknown_profile') return own.tooOld
  return codes[error.code] ?? (error.detail === '' ? undefined : error.detail)
}
