import type { ErrorComponentProps } from '@tanstack/react-router'
import { explain } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'

export const CrashPage = ({ error }: ErrorComponentProps) => {
  const { t } = useLocale()
  const { title, advice, requestId } = explain(error, t)
  return (
    <div role="alert" className="mx-auto grid min-h-80 max-w-md content-center justify-items-start gap-3 p-6">
      <h1 className="text-lg font-semibold">{title}</h1>
      <p className="text-muted">{advice === '' ? t.errors.crashedAdvice : advice}</p>
      {requestId !== undefined && <p className="text-xs text-faint">{t.common.requestId(requestId)}</p>}
      <Button variant="primary" onClick={() => location.reload()}>
        {t.errors.reload}
      </Button>
    </div>
  )
}
