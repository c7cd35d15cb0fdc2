import type { Event } from './engine/protocol.ts'
import type { QueuePort } from './uploads.ts'

/** The queue in a worker of its own: cutting and hashing never hold up the page. */
export const openWorkerPort = (): QueuePort & { close(): void } => {
  const worker = new Worker(new URL('./engine/worker.ts', import.meta.url), { type: 'module', name: 'uploads' })
  const online = () => worker.postMessage({ type: 'online' })
  window.addEventListener('online', online)
  return {
    send: (command) => worker.postMessage(command),
    onEvent: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<Event>) => listener(data)
    },
    close: () => {
      window.removeEventListener('online', online)
      worker.terminate()
    }
  }
}
