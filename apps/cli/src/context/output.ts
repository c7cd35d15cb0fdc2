import type { Writable } from 'node:stream'
import type { Platform } from './platform.ts'
import { printable } from './printable.ts'

/** What a command prints. In JSON mode only documents and records reach stdout. */
export interface Output {
  readonly json: boolean
  /** A line for people; nothing in JSON mode. Control characters are escaped. */
  line(text: string): Promise<void>
  /** One JSON value per line; nothing otherwise. */
  record(value: object): Promise<void>
  /** A remark on stderr, also in JSON mode (as {"warning"}). */
  warn(text: string): Promise<void>
  /** Calls `clear` before each line, until the result is called: for a bar that shares the terminal. */
  share(clear: () => void): () => void
}

export function createOutput(platform: Platform, options: { json: boolean; quiet: boolean }): Output {
  const { json, quiet } = options
  let clear: () => void = () => undefined
  return {
    json,
    line: async (text) => {
      if (json || quiet) return
      clear()
      await write(platform.stdout, `${printable(text)}\n`)
    },
    record: async (value) => {
      if (json) await write(platform.stdout, `${JSON.stringify(value)}\n`)
    },
    warn: (text) => {
      clear()
      return write(platform.stderr, json ? `${JSON.stringify({ warning: text })}\n` : `${printable(text)}\n`)
    },
    share: (mine) => {
      clear = mine
      return () => {
        clear = () => undefined
      }
    }
  }
}

/** Waits when the reader is slower than we are. */
export function write(stream: Writable, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => (error ? reject(error) : resolve()))
  })
}
