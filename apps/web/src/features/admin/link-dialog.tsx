import { useLocale } from '../../app/locale.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Dialog } from '../../ui/dialog.tsx'

interface LinkDialogProps {
  readonly title: string
  readonly text: string
  readonly url: string
  readonly onClose: () => void
}

/** A link that is shown once and handed over by other means. */
export const LinkDialog = ({ title, text, url, onClose }: LinkDialogProps) => {
  const { t } = useLocale()
  return (
    <Dialog open onClose={onClose} title={title} description={`${text} ${t.common.shownOnce}`}>
      <CopyField label={title} value={url} />
    </Dialog>
  )
}
