import { CairnError } from '@cairn/contracts'
import type { Logger } from '@cairn/runtime'
import { type Child, NoSharpError, type Rendered, startChild } from './child.ts'
import type { RenderRequest } from './protocol.ts'

export interface RenderJob {
  readonly request: RenderRequest
  /** Opened when the job's turn comes, so that waiting jobs hold no memory. */
  readonly source: () => AsyncIterable<Uint8Array>
  /** Given up while it waits: never begun. */
  readonly signal: AbortSignal
}

/** Draws pictures in a bounded number of processes. */
export interface Renderer {
  /** Rejects with `unavailable` when too many wait or while stopping, NoSharpError when there is no library. */
  render(job: RenderJob): Promise<Rendered>
  /** Rejects with the reason why nothing can be drawn; does not wait for the first process to find out. */
  check(): Promise<void>
  stop(): Promise<void>
}

export interface RendererOptions {
  readonly workers: number
  readonly logger: Logger
  /** Default: real processes. */
  readonly start?: () => Promise<Child>
}

interface Waiting extends RenderJob {
  readonly resolve: (rendered: Rendered) => void
  readonly reject: (error: unknown) => void
}

const MAX_WAITING = 256
const IDLE_MS = 30_000
/** Decoders leak; a process ends while it is still small. */
const MAX_JOBS = 500
const RETRY_SECONDS = 2

export const createRenderer = ({ workers, logger, start = startChild }: RendererOptions): Renderer => {
  const queue: Waiting[] = []
  const children = new Set<Child>()
  let running = 0
  let wake: (() => void)[] = []
  let broken: NoSharpError | undefined
  let stopping = false
  let probed: Promise<void> | undefined

  const next = (): Waiting | undefined => {
    for (;;) {
      const job = queue.shift()
      if (job === undefined || !job.signal.aborted) return job
      job.reject(job.signal.reason)
    }
  }

  const waitForJob = async (): Promise<Waiting | undefined> => {
    const job = next()
    if (job !== undefined || stopping) return job
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS)
      timer.unref()
      wake.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    return next()
  }

  /** One process from its start to its end. */
  const work = async (): Promise<void> => {
    const child = await start()
    children.add(child)
    try {
      for (let jobs = 0; jobs < MAX_JOBS && !child.dead; jobs += 1) {
        const job = await waitForJob()
        if (job === undefined) return
        if (child.dead) {
          queue.unshift(job)
          return
        }
        await child
          .render(job.request, job.source())
          .then((rendered) => (stopping ? job.reject(goingDown()) : job.resolve(rendered)), job.reject)
      }
    } finally {
      children.delete(child)
      child.stop()
    }
  }

  const ensureWorkers = (): void => {
    const free = wake
    wake = []
    for (const call of free) call()
    if (running >= workers || queue.length <= free.length || stopping) return
    running += 1
    void work()
      .catch((error: unknown) => {
        if (error instanceof NoSharpError) broken = error
        else logger.error({ err: error }, 'the process that makes thumbnails could not be used')
        for (const job of queue.splice(0)) job.reject(broken ?? goingDown(error))
      })
      .finally(() => {
        running -= 1
        if (queue.length > 0) ensureWorkers()
      })
  }

  return {
    render: (job) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) reject(broken)
        else if (stopping || queue.length >= MAX_WAITING) reject(goingDown())
        else {
          queue.push({ ...job, resolve, reject })
          ensureWorkers()
        }
      }),
    check: async () => {
      probed ??= start().then(
        (child) => child.stop(),
        (error: unknown) => {
          if (error instanceof NoSharpError) broken = error
        }
      )
      if (broken !== undefined) throw broken
    },
    stop: async () => {
      stopping = true
      for (const job of queue.splice(0)) job.reject(goingDown())
      for (const call of wake.splice(0)) call()
      for (const child of children) child.stop()
      await probed
    }
  }
}

const goingDown = (cause?: unknown): CairnError =>
  new CairnError('unavailable', 'Thumbnails cannot be made right now.', { retryAfter: RETRY_SECONDS, cause })
