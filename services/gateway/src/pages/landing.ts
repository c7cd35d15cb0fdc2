import { readFile } from 'node:fs/promises'
import type { HttpApp } from '@cairn/http'
import { PAGE_POLICY } from '../http/security-headers.ts'

const FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/assets/cairn.css', 'cairn.css', 'text/css; charset=utf-8'],
  ['/favicon.svg', 'favicon.svg', 'image/svg+xml']
]

/** The page at the root: what this is and where to go. Read once; no script. */
export const landingRoutes = async (app: HttpApp): Promise<void> => {
  for (const [path, file, type] of FILES) {
    const content = await readFile(new URL(`../../public/${file}`, import.meta.url))
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(type)
        .headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'public, max-age=3600' })
        .send(content)
    )
  }
}
