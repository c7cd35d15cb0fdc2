import { useSuspenseQuery } from '@tanstack/react-query'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { useDrive } from '../files/use-drive.ts'
import { fromFiles } from './collect.ts'
import type { UploadTarget } from './uploads.ts'
import { useUploads } from './uploads-context.tsx'

/** Names where something is to be put. */
export const useUploadTarget = (): ((folderId: string, folderName?: string) => UploadTarget) => {
  const drive = useDrive()
  const { data: me } = useSuspenseQuery(meQuery(useClient()))
  return (folderId, folderName = '') => ({ userId: me?.id ?? '', drive: drive.id, folderId, folderName })
}

/** Opens the system's dialog and uploads what is chosen there. */
export const useFilePicker = (): ((kind: 'files' | 'folder', folderId: string) => void) => {
  const uploads = useUploads()
  const target = useUploadTarget()
  return (kind, folderId) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.webkitdirectory = kind === 'folder'
    input.hidden = true
    input.dataset['testid'] = 'picker'
    // In the document, so that browsers which collect stray elements keep it until the choice is made.
    document.body.append(input)
    input.addEventListener('change', () => {
      uploads.add(target(folderId), fromFiles(input.files ?? []))
      input.remove()
    })
    input.addEventListener('cancel', () => input.remove())
    input.click()
  }
}
