import type { Node } from '@cairn/client'
import {
  ClipboardCopy,
  Copy,
  Download,
  ExternalLink,
  Eye,
  FilePlus2,
  FolderInput,
  FolderOpen,
  FolderPlus,
  FolderUp,
  History,
  Pencil,
  Trash2
} from 'lucide-react'
import { inlineUrl } from '../../api/content-url.ts'
import { useLocale } from '../../app/locale.tsx'
import type { Action, ActionGroup } from '../../ui/menu.tsx'
import { useNotify } from '../../ui/toasts.tsx'
import { useFilePicker } from '../upload/use-file-picker.ts'
import type { OpenDialog } from './file-dialogs.tsx'
import { useDownload } from './use-download.ts'
import { useDrive } from './use-drive.ts'
import { useNodeOperations } from './use-node-operations.ts'

interface Options {
  readonly nodes: readonly Node[]
  readonly folder: string
  readonly open: (node: Node) => void
  readonly rename: (id: string) => void
  readonly show: (dialog: OpenDialog) => void
}

export interface FileActions {
  readonly groups: readonly ActionGroup[]
  readonly first: readonly Action[]
  readonly all: readonly Action[]
}

/** What can be done with what is selected; with nothing selected, with the folder. */
export const useFileActions = ({ nodes, folder, open, rename, show }: Options): FileActions => {
  const { t } = useLocale()
  const drive = useDrive()
  const download = useDownload()
  const notify = useNotify()
  const pick = useFilePicker()
  const { trash, copy } = useNodeOperations(drive)
  const [node] = nodes
  const readOnly = drive.role === 'viewer'

  const make: ActionGroup = [
    {
      id: 'new-folder',
      label: t.files.newFolder,
      icon: <FolderPlus />,
      disabled: readOnly,
      run: () => show({ kind: 'new-folder' })
    },
    {
      id: 'upload-files',
      label: t.files.uploadFiles,
      icon: <FilePlus2 />,
      disabled: readOnly,
      run: () => pick('files', folder)
    },
    {
      id: 'upload-folder',
      label: t.files.uploadFolder,
      icon: <FolderUp />,
      disabled: readOnly,
      run: () => pick('folder', folder)
    }
  ]
  if (node === undefined) return { groups: [make], first: [], all: make }

  const single = nodes.length === 1
  const file = node.kind === 'file'
  const actions = {
    open: {
      id: 'open',
      label: file ? t.files.preview : t.files.open,
      icon: file ? <Eye /> : <FolderOpen />,
      keys: 'Enter',
      run: () => open(node)
    },
    tab: {
      id: 'tab',
      label: t.files.openInTab,
      icon: <ExternalLink />,
      run: () => window.open(inlineUrl(node.driveId, node.id), '_blank', 'noopener')
    },
    download: {
      id: 'download',
      label: single && file ? t.files.download : t.files.downloadZip,
      icon: <Download />,
      run: () => void download(nodes)
    },
    rename: {
      id: 'rename',
      label: t.files.rename,
      icon: <Pencil />,
      keys: 'F2',
      disabled: readOnly,
      run: () => rename(node.id)
    },
    move: {
      id: 'move',
      label: t.files.move,
      icon: <FolderInput />,
      disabled: readOnly,
      run: () => show({ kind: 'place', action: 'move', nodes })
    },
    copy: {
      id: 'copy',
      label: t.files.copy,
      icon: <Copy />,
      disabled: readOnly,
      run: () => show({ kind: 'place', action: 'copy', nodes })
    },
    duplicate: {
      id: 'duplicate',
      label: t.files.duplicate,
      icon: <Copy />,
      disabled: readOnly,
      run: () =>
        void copy(
          nodes.map(({ id }) => id),
          { id: folder, name: t.files.thisFolder }
        )
    },
    versions: {
      id: 'versions',
      label: t.files.versions,
      icon: <History />,
      run: () => show({ kind: 'versions', node })
    },
    link: {
      id: 'link',
      label: t.files.copyLink,
      icon: <ClipboardCopy />,
      run: () => {
        const path = file ? `/files/${folder}?preview=${node.id}` : `/files/${node.id}`
        void navigator.clipboard?.writeText(location.origin + path).then(() => notify.done(t.files.linkCopied))
      }
    },
    trash: {
      id: 'trash',
      label: t.files.delete,
      icon: <Trash2 />,
      keys: t.files.deleteKey,
      danger: true,
      disabled: readOnly,
      run: () => void trash(nodes.map(({ id }) => id))
    }
  } satisfies Record<string, Action>

  const groups: readonly ActionGroup[] = [
    single ? [actions.open, ...(file ? [actions.tab] : []), actions.download] : [actions.download],
    [...(single ? [actions.rename] : []), actions.move, actions.copy, actions.duplicate],
    single ? [...(file ? [actions.versions] : []), actions.link] : [],
    [actions.trash]
  ]
  return { groups, first: [actions.download, actions.move, actions.trash], all: [...groups.flat(), ...make] }
}
