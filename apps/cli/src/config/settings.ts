import { join } from 'node:path'
import { readPrivateJson, writePrivateJson } from './private-file.ts'

/** What is remembered between runs, besides sessions. */
export interface Settings {
  /** The server of the last sign-in. */
  readonly server?: string
}

const fileOf = (folder: string) => join(folder, 'config.json')

export async function readSettings(folder: string): Promise<Settings> {
  const value = await readPrivateJson(fileOf(folder))
  if (typeof value !== 'object' || value === null || !('server' in value)) return {}
  return typeof value.server === 'string' ? { server: value.server } : {}
}

export const writeSettings = (folder: string, settings: Settings): Promise<void> =>
  writePrivateJson(fileOf(folder), settings)
