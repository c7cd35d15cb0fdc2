import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { write } from '../context/output.ts'
import type { Platform } from '../context/platform.ts'
import { usageError } from '../exit-codes.ts'

export interface SecretSource {
  /** What is asked for, e.g. `Password`. */
  readonly label: string
  /** Read a line from stdin instead of asking. */
  readonly fromStdin: boolean
  /** Ask twice. */
  readonly confirm?: boolean
  /** Named when there is no terminal to ask on. */
  readonly hint: string
}

/** A secret from the terminal without echo, or from stdin. Never from arguments: others can see those. */
export async function readSecret(platform: Platform, source: SecretSource): Promise<string> {
  if (source.fromStdin) return readFirstLine(platform)
  const secret = await ask(platform, { label: source.label, hidden: true, hint: source.hint })
  if (source.confirm && secret !== (await ask(platform, { label: 'Again', hidden: true, hint: source.hint }))) {
    throw usageError('The two differ')
  }
  return secret
}

interface Question {
  readonly label: string
  readonly hidden: boolean
  readonly hint: string
}

/** Asks on the terminal. @throws CliError where there is none. */
export async function ask(platform: Platform, { label, hidden, hint }: Question): Promise<string> {
  if (platform.stdin.isTTY !== true) throw usageError(`No terminal to ask for "${label}": ${hint}`)
  await write(platform.stderr, `${label}: `)
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: platform.stdin, output: hidden ? muted : platform.stderr, terminal: true })
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => reject(usageError('Given up')))
      lines.once('close', () => reject(usageError(`Nothing was given for "${label}"`)))
    })
  } finally {
    lines.close()
    if (hidden) await write(platform.stderr, '\n')
  }
}

const MAX_LINE = 64 * 1024

// The whole of stdin is read: another line would be a mistake of the caller's worth no guess.
async function readFirstLine({ stdin }: Platform): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of stdin) {
    const bytes = Buffer.from(part)
    parts.push(bytes)
    length += bytes.length
    if (length > MAX_LINE) throw usageError('The secret on stdin is too long')
  }
  const [line = ''] = Buffer.concat(parts).toString('utf8').split(/\r?\n/)
  if (line === '') throw usageError('Nothing was given on stdin')
  return line
}
