import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import { useDrive } from '../files/use-drive.ts'

export const QuotaBar = () => {
  const { t, bytes } = useLocale()
  const { used, limit } = useDrive().quota
  const share = limit === 0 ? 0 : Math.min(1, used / limit)
  return (
    <div className="grid gap-1.5 border-t border-line px-6 py-4 text-xs text-muted">
      <p className="numeric">{limit === 0 ? t.quota.used(bytes(used)) : t.quota.usedOf(bytes(used), bytes(limit))}</p>
      {limit > 0 && (
        <div
          role="meter"
          aria-label={t.quota.label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          className="h-1.5 overflow-hidden rounded-full bg-line"
        >
          <div
            className={cx('h-full rounded-full', share > 0.95 ? 'bg-danger' : share > 0.8 ? 'bg-warn' : 'bg-folder')}
            style={{ inlineSize: `${share * 100}%` }}
          />
        </div>
      )}
    </div>
  )
}
