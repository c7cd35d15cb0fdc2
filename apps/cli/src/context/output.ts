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
}

export function createOutput(platform: Platform, options: { json: boolean; quiet: boolean }): Output {
  const { json, quiet } = options
  return {
    json,
    line: async (text) => {
      if (!json && !quiet) await write(platform.stdout, `${printable(text)}\n`)
    },
    record: async (value) => {
      if (json) await write(platform.stdout, `${JSON.stringify(value)}\n`)
    },
    warn: (text) => write(platform.stderr, json ? `${JSON.stringify({ warning: text })}\n` : `${printable(text)}\n`)
  }
}

/** Waits when the reader is slower than we are. */
export function write(stream: Writable, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => (error ? reject(error) : resolve()))
  })
}
