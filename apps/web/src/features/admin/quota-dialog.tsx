import type { AdminUser, Quota } from '@cairn/client'
import { useId, useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useTold } from '../../ui/use-told.ts'

const GB = 1_000_000_000

interface QuotaDialogProps {
  readonly user: AdminUser
  readonly quota: Quota | undefined
  readonly onClose: () => void
}

export const QuotaDialog = ({ user, quota, onClose }: QuotaDialogProps) => {
  const { t } = useLocale()
  const id = useId()
  const client = useClient()
  const [text, setText] = useState(quota?.custom === true ? String(quota.limit / GB) : '')
  const save = useTold({
    run: () => client.admin.setQuota(user.id, text.trim() === '' ? null : Math.round(Number(text) * GB)),
    done: () => t.admin.quotaSaved,
    stale: [['admin', 'quotas'], ['drive']],
    onSuccess: onClose
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.admin.quotaTitle(user.username)}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" form={id} variant="primary" busy={save.isPending}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Field
          label={t.admin.quotaGb}
          type="number"
          min={0}
          max={9_000_000}
          step="any"
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
