// Builds the web app when its sources are not the ones it was built from. Plain JavaScript: it runs before anything else.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = [
  'package-lock.json',
  'apps/web/index.html',
  'apps/web/package.json',
  'apps/web/vite.config.ts',
  'apps/web/build',
  'apps/web/public',
  'apps/web/src',
  'packages/client/src',
  'packages/chunking/src'
]

const stampOf = (root) => {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const path = join(root, source)
    const files = /\.\w+$/.test(source)
      ? [path]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
    for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/** What could not be built is no reason not to serve: the server then says why at its start page. */
export const ensureWebApp = (root, node) => {
  const folder = join(root, 'apps/web')
  const problem = join(folder, 'build-problem.txt')
  try {
    const stamp = stampOf(root)
    const built = join(folder, 'dist', 'stamp')
    if (existsSync(built) && readFileSync(built, 'utf8') === stamp) return true
    process.stderr.write('cairn: building the web app (once) ...\n')
    const done = spawnSync(node, ['--disable-warning=ExperimentalWarning', join(folder, 'build/build.ts'), stamp], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
      shell: process.platform === 'win32'
    })
    if (done.status !== 0) throw new Error(done.stderr || done.stdout || String(done.error ?? 'the build ended early'))
    rmSync(problem, { force: true })
    return true
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`cairn: the web app could not be built; the API is served without it.\n${reason.trim()}\n`)
    try {
      writeFileSync(problem, reason)
    } catch {
      // A read-only installation: what was printed must do.
    }
    return false
  }
}
