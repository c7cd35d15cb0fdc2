import type { Node } from '@cairn/client'
import { useSuspenseQuery } from '@tanstack/react-query'
import { History, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { useLocale } from '../../app/locale.tsx'
import { usePreferences } from '../../app/preferences.tsx'
import { extensionOf } from '../../lib/sort.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { EntryIcon } from './entry-icon.tsx'

interface DetailsPaneProps {
  readonly nodes: readonly Node[]
  readonly onVersions: (node: Node) => void
}

export const DetailsPane = ({ nodes, onVersions }: DetailsPaneProps) => {
  const { t, bytes } = useLocale()
  const { prefer } = usePreferences()
  const [node] = nodes
  return (
    <aside
      aria-label={t.details.title}
      className="flex w-80 shrink-0 flex-col overflow-y-auto border-s border-line bg-ground max-md:hidden"
    >
      <header className="flex h-12 shrink-0 items-center justify-between ps-5 pe-2">
        <h2 className="font-semibold">{t.details.title}</h2>
        <IconButton label={t.common.close} onClick={() => prefer({ details: false })}>
          <X />
        </IconButton>
      </header>
      {node === undefined ? (
        <p className="px-5 py-3 text-muted">{t.details.nothing}</p>
      ) : nodes.length > 1 ? (
        <dl className="grid gap-3 px-5 py-3">
          <Fact label={t.details.several(nodes.length)}>
            {bytes(nodes.reduce((sum, { treeSize }) => sum + treeSize, 0))}
          </Fact>
        </dl>
      ) : (
        <One key={node.id} node={node} onVersions={onVersions} />
      )}
    </aside>
  )
}

const One = ({ node, onVersions }: { readonly node: Node; readonly onVersions: (node: Node) => void }) => {
  const { t, bytes, moment } = useLocale()
  const { data: me } = useSuspenseQuery(meQuery(useClient()))
  const file = node.kind === 'file'
  return (
    <div className="grid gap-5 px-5 pb-6">
      <div className="grid h-44 place-items-center overflow-hidden rounded-xl bg-sunken">
        <EntryIcon node={node} size={256} className={file ? 'max-h-full min-h-14 min-w-14' : 'size-20'} />
      </div>
      <h3 className="font-medium [overflow-wrap:anywhere]">{node.name}</h3>
      <dl className="grid gap-3">
        <Fact label={t.details.kind}>{file ? t.files.fileKind(extensionOf(node.name)) : t.files.folderKind}</Fact>
        <Fact label={t.details.size}>
          {bytes(node.treeSize)}{' '}
          {node.treeSize >= 1000 && <span className="text-muted">({node.treeSize.toLocaleString()} B)</span>}
        </Fact>
        {file && <Fact label={t.details.modified}>{moment(node.mtime)}</Fact>}
        <Fact label={t.details.created}>{moment(node.createdAt)}</Fact>
        <Fact label={t.details.changedOnServer}>{moment(node.modifiedAt)}</Fact>
        <Fact label={t.details.by}>{me?.username}</Fact>
        {file && <Fact label={t.details.where}>{t.details.whereText}</Fact>}
        {node.versionId !== null && (
          <Fact label={t.details.version} code>
            {node.versionId}
          </Fact>
        )}
        <Fact label={t.details.id} code>
          {node.id}
        </Fact>
      </dl>
      {file && (
        <Button icon={<History className="size-4" />} onClick={() => onVersions(node)}>
          {t.files.versions}
        </Button>
      )}
    </div>
  )
}

const Fact = ({
  label,
  children,
  code = false
}: {
  readonly label: string
  readonly children: ReactNode
  readonly code?: boolean
}) => (
  <div>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className={code ? 'font-mono text-xs [overflow-wrap:anywhere]' : '[overflow-wrap:anywhere]'}>{children}</dd>
  </div>
)
