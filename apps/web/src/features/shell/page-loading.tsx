import { useLocale } from '../../app/locale.tsx'
import { Spinner } from '../../ui/button.tsx'

export const PageLoading = () => {
  const { t } = useLocale()
  return (
    <div role="status" className="grid h-full min-h-60 place-items-center text-muted">
      <span className="sr-only">{t.common.loading}</span>
      <Spinner className="size-6" />
    </div>
  )
}
