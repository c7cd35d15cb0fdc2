import type { Node } from '@cairn/client'
import { useClient } from '../../api/client.tsx'
import { contentUrl } from '../../api/content-url.ts'
import { explain } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { useNotify } from '../../ui/toasts.tsx'

/** Handed to the browser's own downloads: they survive the page, pause and resume. */
export const useDownload = (): ((nodes: readonly Node[], folderName?: string) => Promise<void>) => {
  const client = useClient()
  const notify = useNotify()
  const { t } = useLocale()
  return async (nodes, folderName) => {
    const [node] = nodes
    if (node === undefined) return
    try {
      // Any call renews the session where that is due; the download itself could not.
      if (nodes.length === 1 && node.kind === 'file') {
        await client.auth.me()
        follow(contentUrl(node.driveId, node.id))
        return
      }
      const name = nodes.length === 1 ? node.name : folderName
      const nodeIds = nodes.map(({ id }) => id)
      const { url } = await client.archives.prepare(node.driveId, { nodeIds, ...(name === undefined ? {} : { name }) })
      follow(url)
    } catch (error) {
      const { title, advice } = explain(error, t)
      notify.failed(title, advice)
    }
  }
}

export const follow = (url: string): void => {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}
