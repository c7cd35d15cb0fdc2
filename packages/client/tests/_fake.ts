import { type CairnClient, type ClientOptions, createClient, type Timing } from '../src/index.ts'

export interface Sent {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string | undefined
}

export type Answer = (request: Sent, signal: AbortSignal | undefined) => Response | Promise<Response>

export interface FakeWorld {
  readonly client: CairnClient
  readonly sent: Sent[]
  /** Pauses in ms. */
  readonly pauses: number[]
}

/** A client whose server is a function and whose clock moves only when somebody sleeps. */
export function fakeWorld(answer: Answer, options: Partial<ClientOptions> = {}): FakeWorld {
  const sent: Sent[] = []
  const pauses: number[] = []
  let now = 1_000_000
  const timing: Timing = {
    now: () => now,
    unit: () => 0.5,
    uuid: () => '00000000-0000-4000-8000-000000000000',
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      pauses.push(ms)
      now += ms
    }
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const body = init?.body
    const request = {
      method: init?.method ?? 'GET',
      url: new URL(String(input)),
      headers: new Headers(init?.headers),
      body: body === null || body === undefined ? undefined : await new Response(body).text()
    }
    sent.push(request)
    return answer(request, init?.signal ?? undefined)
  }
  return { client: createClient({ baseUrl: 'http://server.test/', fetch, timing, ...options }), sent, pauses }
}

export const json = (value: unknown, init?: ResponseInit): Response => new Response(JSON.stringify(value), init)

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json({ status, code, title: code, detail: `about ${code}`, requestId: 'r-1', hint: 7 }, { status, headers })
