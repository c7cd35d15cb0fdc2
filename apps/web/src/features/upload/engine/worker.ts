import { createIdHasher } from '@cairn/chunking'
import { createBrowserClient } from '../../../api/session.ts'
import { createEngine, type Engine } from './engine.ts'
import type { Command, Event } from './protocol.ts'
import { forgetfulStore, openQueueStore } from './store.ts'

const scope = self as unknown as {
  postMessage: (event: Event) => void
  onmessage: ((message: MessageEvent<Command>) => void) | null
}
const emit = (event: Event): void => scope.postMessage(event)

const create = async (): Promise<Engine> => {
  const client = createBrowserClient({ origin: location.origin, onSignedOut: () => emit({ type: 'signed-out' }) })
  const store = await openQueueStore().catch(() => forgetfulStore())
  return createEngine({ client, store, emit, hasher: await createIdHasher() })
}

const engine = create()

/** Commands in the order they were given. */
scope.onmessage = async ({ data }) => {
  const ready = await engine
  switch (data.type) {
    case 'start':
      return ready.start(data.userId)
    case 'add':
      return ready.add(data.job, data.items)
    case 'attach':
      return ready.attach(data.items)
    case 'reopen':
      return ready.reopen()
    case 'pause':
      return ready.pause(data.ids)
    case 'resume':
      return ready.resume(data.ids)
    case 'retry':
      return ready.retry(data.ids)
    case 'cancel':
      return ready.cancel(data.ids)
    case 'resolve':
      return ready.resolve(data.ids, data.policy, data.rest)
    case 'clear':
      return ready.clear()
    case 'online':
      return ready.online()
  }
}
