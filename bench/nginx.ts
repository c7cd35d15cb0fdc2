import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** nginx with sendfile over one folder, or undefined where it is not installed. */
export const startNginx = async (folder: string): Promise<({ port: number } & AsyncDisposable) | undefined> => {
  if (spawnSync('nginx', ['-v']).error) return undefined
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; worker_processes 1; user root;
events {} http { access_log off; sendfile on; tcp_nopush on; sendfile_max_chunk 2m;
server { listen 127.0.0.1:${port}; root ${folder}; } }`
  )
  const child = spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' })
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/`)
      break
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return address && typeof address === 'object' ? address.port : 0
}
