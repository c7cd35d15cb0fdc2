import { readFile } from 'node:fs/promises'
import type { HttpApp } from '@cairn/http'
import { PAGE_POLICY } from '../http/security-headers.ts'

const PAGE = ['index.html', 'text/html; charset=utf-8'] as const
const FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/about', ...PAGE],
  ['/assets/cairn.css', 'cairn.css', 'text/css; charset=utf-8'],
  ['/favicon.svg', 'favicon.svg', 'image/svg+xml']
]

/** A page that says what this is and where to go; also at the root when nothing else is there. Read once; no script. */
export const landingRoutes = async (app: HttpApp, { atRoot }: { readonly atRoot: boolean }): Promise<void> => {
  const files: typeof FILES = atRoot ? [...FILES, ['/', ...PAGE]] : FILES
  for (const [path, file, type] of files) {
    const content = await readFile(new URL(`../../public/${file}`, import.meta.url))
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(type)
        .headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'public, max-age=3600' })
        .send(content)
    )
  }
}
