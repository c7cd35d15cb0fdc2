import type { Node } from '@cairn/client'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { isActiveContent } from '../../lib/file-kind.ts'
import { Button, Spinner } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { decodeText } from './decode-text.ts'
import { Highlighted } from './highlighted.tsx'

const Markdown = lazy(async () => ({ default: (await import('./markdown.tsx')).Markdown }))

/** More is not read: nobody scrolls further, and colouring costs. */
const MAX_BYTES = 1_000_000

interface TextPreviewProps {
  readonly node: Node
  readonly markdown: boolean
}

export const TextPreview = ({ node, markdown }: TextPreviewProps) => {
  const { t, bytes } = useLocale()
  const client = useClient()
  const [source, setSource] = useState(false)
  const text = useQuery({
    queryKey: ['text', node.id, node.versionId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      if (node.size === 0) return ''
      const content = await client.content.read(node.driveId, node.id, {
        end: Math.min(node.size, MAX_BYTES),
        version: node.versionId ?? undefined,
        signal
      })
      return decodeText(await Array.fromAsync(content.bytes))
    }
  })
  if (text.isPending) {
    return (
      <div role="status" className="grid h-full place-items-center">
        <Spinner className="size-6" />
      </div>
    )
  }
  if (text.isError) {
    return (
      <div className="mx-auto max-w-lg p-8">
        <Notice kind="error" action={<Button onClick={() => void text.refetch()}>{t.common.retry}</Button>}>
          {explainShort(text.error, t)}
        </Notice>
      </div>
    )
  }
  const rendered = markdown && !source
  return (
    <div tabIndex={0} role="region" aria-label={node.name} className="h-full overflow-auto bg-surface">
      <div className="mx-auto grid max-w-5xl gap-3 p-4 md:p-8">
        {isActiveContent(node.name) && <Notice kind="info">{t.preview.hostile}</Notice>}
        {node.size > MAX_BYTES && <Notice kind="info">{t.preview.truncated(bytes(MAX_BYTES))}</Notice>}
        {markdown && (
          <Button className="justify-self-end" onClick={() => setSource(!source)}>
            {source ? t.preview.rendered : t.preview.source}
          </Button>
        )}
        {rendered ? (
          <Suspense fallback={<Spinner />}>
            <Markdown text={text.data} />
          </Suspense>
        ) : (
          <Highlighted text={text.data} name={node.name} />
        )}
      </div>
    </div>
  )
}
