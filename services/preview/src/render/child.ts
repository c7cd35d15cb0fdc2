import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { LIMITS, type Reason } from '../recipe.ts'
import { FrameReader } from './frame-reader.ts'
import {
  decodeReply,
  EXIT_MEMORY,
  EXIT_NO_SHARP,
  encodeRequest,
  HEADER_LENGTH,
  type RenderRequest
} from './protocol.ts'

/** The native library is not there: no child will ever work. */
export class NoSharpError extends Error {}

export type Rendered = Buffer | Reason

/** One process that draws one picture at a time. */
export interface Child {
  /** Rejects with what reading the source rejects with; the child is of no use then. */
  render(request: RenderRequest, source: AsyncIterable<Uint8Array>): Promise<Rendered>
  readonly dead: boolean
  stop(): void
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** Where sharp is installed; undefined when it is not. */
const sharpFolder = (): string | undefined => {
  try {
    const entry = createRequire(import.meta.url).resolve('sharp')
    return entry.slice(0, entry.lastIndexOf('node_modules') + 'node_modules'.length)
  } catch {
    return undefined
  }
}

/** @throws NoSharpError */
export const startChild = async (): Promise<Child> => {
  const modules = sharpFolder()
  if (modules === undefined) throw new NoSharpError('sharp is not installed')
  const restrictions = ['--permission', '--allow-addons', `--allow-fs-read=${modules}`, `--allow-fs-read=${PACKAGE}`]
  const process_ = spawn(process.execPath, ['--disable-warning=SecurityWarning', ...restrictions, WORKER], {
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['pipe', 'pipe', 'ignore']
  })
  const child = new DrawingChild(process_)
  await child.ready()
  return child
}

class DrawingChild implements Child {
  readonly #process: ChildProcess
  readonly #input: NodeJS.WritableStream
  readonly #replies: FrameReader
  readonly #exited: Promise<number | null>
  dead = false

  constructor(child: ChildProcess) {
    const { stdin, stdout } = child
    if (stdin === null || stdout === null) throw new Error('the child has no pipes')
    this.#process = child
    this.#input = stdin
    // Whoever writes sees the exit; the pipe's own error says no more.
    stdin.on('error', () => undefined)
    this.#replies = new FrameReader(stdout)
    this.#exited = new Promise((resolve) => {
      const end = (code: number | null): void => {
        this.dead = true
        resolve(code)
      }
      child.once('error', () => end(null))
      child.once('exit', end)
    })
  }

  async ready(): Promise<void> {
    const timer = setTimeout(() => this.stop(), LIMITS.milliseconds)
    const hello = await this.#replies.take(HEADER_LENGTH).finally(() => clearTimeout(timer))
    if (hello !== undefined) return
    const code = await this.#exited
    throw code === EXIT_NO_SHARP
      ? new NoSharpError('sharp cannot be loaded on this machine')
      : new Error(`the drawing process ended with ${code}`)
  }

  async render(request: RenderRequest, source: AsyncIterable<Uint8Array>): Promise<Rendered> {
    await this.#send(request, source)
    const timer = setTimeout(() => this.stop(), LIMITS.milliseconds)
    try {
      return await this.#receive()
    } finally {
      clearTimeout(timer)
    }
  }

  async #send(request: RenderRequest, source: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      this.#input.write(encodeRequest(request))
      for await (const bytes of source) {
        if (this.dead) return
        // The source's buffers are good for one step only.
        if (!this.#input.write(Buffer.from(bytes))) await Promise.race([once(this.#input, 'drain'), this.#exited])
      }
    } catch (error) {
      this.stop()
      throw error
    }
  }

  async #receive(): Promise<Rendered> {
    const header = await this.#replies.take(HEADER_LENGTH)
    const reply = header && decodeReply(header)
    const picture = reply && (await this.#replies.take(reply.length))
    if (reply === undefined || picture === undefined) return await this.#lastWords()
    return reply.reason ?? picture
  }

  /** It ended instead of answering: by its own limit, by ours, or because a decoder broke. */
  async #lastWords(): Promise<Reason> {
    const code = await this.#exited
    return code === EXIT_MEMORY || this.#process.signalCode === 'SIGKILL' ? 'too_complex' : 'damaged'
  }

  stop(): void {
    this.dead = true
    this.#process.kill('SIGKILL')
  }
}
