import type { Node } from '@cairn/client'
import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useNotify } from '../../ui/toasts.tsx'
import { useDrive } from './use-drive.ts'
import { useNodeOperations } from './use-node-operations.ts'

interface NewFolderDialogProps {
  readonly parent: string
  readonly onClose: () => void
  readonly onMade?: (folder: Node) => void
}

export const NewFolderDialog = ({ parent, onClose, onMade }: NewFolderDialogProps) => {
  const { t } = useLocale()
  const id = useId()
  const notify = useNotify()
  const { makeFolder } = useNodeOperations(useDrive())
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => makeFolder(parent, name.trim()),
    onSuccess: (folder) => {
      notify.done(t.files.folderMade(folder.name))
      onMade?.(folder)
      onClose()
    }
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.files.newFolder}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" form={id} variant="primary" busy={make.isPending} disabled={name.trim() === ''}>
            {t.common.create}
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Field
          label={t.files.newFolderName}
          autoFocus
          value={name}
          error={make.error === null ? undefined : explainShort(make.error, t)}
          onChange={(event) => {
            make.reset()
            setName(event.target.value)
          }}
        />
      </form>
    </Dialog>
  )
}
