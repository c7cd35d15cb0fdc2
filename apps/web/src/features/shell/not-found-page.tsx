import { useLocale } from '../../app/locale.tsx'
import { buttonClass } from '../../ui/button.tsx'

export const NotFoundPage = () => {
  const { t } = useLocale()
  return (
    <div className="mx-auto grid min-h-80 max-w-md content-center justify-items-start gap-3 p-6">
      <h1 className="text-lg font-semibold">{t.errors.notFound}</h1>
      <p className="text-muted">{t.errors.notFoundAdvice}</p>
      <a href="/files" className={buttonClass('primary')}>
        {t.errors.toFiles}
      </a>
    </div>
  )
}
