import { useLocale } from '../app/locale.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface ConfirmDialogProps {
  readonly open: boolean
  readonly title: string
  readonly text: string
  /** What the button does, in its own word. */
  readonly confirm: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Before what cannot be undone. */
export const ConfirmDialog = ({ open, title, text, confirm, onConfirm, onClose }: ConfirmDialogProps) => {
  const { t } = useLocale()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={text}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button
            variant="danger"
            onClick={() => {
              onConfirm()
              onClose()
            }}
          >
            {confirm}
          </Button>
        </>
      }
    />
  )
}
