import { useParams } from '@tanstack/react-router'
import { FilePlus2, FolderPlus, FolderUp, Plus } from 'lucide-react'
import { useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useFilePicker } from '../upload/use-file-picker.ts'
import { NewFolderDialog } from './new-folder-dialog.tsx'
import { useDrive } from './use-drive.ts'

/** What can be put into the folder in view. */
export const NewMenu = () => {
  const { t } = useLocale()
  const drive = useDrive()
  const { folderId = drive.rootId } = useParams({ strict: false })
  const pick = useFilePicker()
  const [naming, setNaming] = useState(false)
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button variant="primary" icon={<Plus className="size-4" />} className="w-full">
            {t.files.new}
          </Button>
        }
        groups={[
          [{ id: 'folder', label: t.files.newFolder, icon: <FolderPlus />, run: () => setNaming(true) }],
          [
            { id: 'files', label: t.files.uploadFiles, icon: <FilePlus2 />, run: () => pick('files', folderId) },
            { id: 'tree', label: t.files.uploadFolder, icon: <FolderUp />, run: () => pick('folder', folderId) }
          ]
        ]}
      />
      {naming && <NewFolderDialog parent={folderId} onClose={() => setNaming(false)} />}
    </>
  )
}
