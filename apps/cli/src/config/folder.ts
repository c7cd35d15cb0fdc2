import { posix, win32 } from 'node:path'
import type { Platform } from '../context/platform.ts'

/** Where this program keeps its settings and sessions, by the customs of the system. */
export function configFolder({ env, os, home }: Pick<Platform, 'env' | 'os' | 'home'>): string {
  const own = env['CAIRN_CONFIG_HOME']
  if (own) return own
  if (os === 'win32') return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'cairn')
  if (os === 'darwin') return posix.join(home, 'Library', 'Application Support', 'cairn')
  const xdg = env['XDG_CONFIG_HOME']
  // The specification says that relative paths are to be ignored.
  return posix.join(xdg?.startsWith('/') ? xdg : posix.join(home, '.config'), 'cairn')
}

/** Where what can be made again is kept. */
export function cacheFolder({ env, os, home }: Pick<Platform, 'env' | 'os' | 'home'>): string {
  if (os === 'win32') return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'cairn', 'cache')
  if (os === 'darwin') return posix.join(home, 'Library', 'Caches', 'cairn')
  const xdg = env['XDG_CACHE_HOME']
  return posix.join(xdg?.startsWith('/') ? xdg : posix.join(home, '.cache'), 'cairn')
}
