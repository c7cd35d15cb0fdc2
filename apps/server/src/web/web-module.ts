import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Env } from '@cairn/runtime'
import type { ServiceModule } from '@cairn/service'
import { readAssets } from './assets.ts'
import { webRoutes } from './routes.ts'

export interface WebConfig {
  /** Where `npm start` puts the built app. */
  readonly folder: string
  readonly problemFile: string
}

const local = (path: string): string => fileURLToPath(new URL(`../../../web/${path}`, import.meta.url))

const webConfig = (_env: Env): WebConfig => ({ folder: local('dist'), problemFile: local('build-problem.txt') })

/** Serves the web app at `/`. Without a built one it offers no routes, and the gateway shows its plain start page. */
export const webModule: ServiceModule<WebConfig> = {
  name: 'web',
  dependencies: [],
  config: webConfig,
  create: async ({ logger }, { folder, problemFile }) => {
    try {
      return { routes: webRoutes(await readAssets(folder)) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      const reason = await readFile(problemFile, 'utf8').catch(() => 'it is not built; npm start builds it')
      logger.warn({ reason }, 'serving without the web app')
      return {}
    }
  }
}
