import { setTimeout as pause } from 'node:timers/promises'

/** Asks again until the condition holds; the only kind of waiting in this suite. */
export const waitFor = async <T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 20_000
): Promise<T> => {
  const deadline = performance.now() + timeoutMs
  for (let delay = 5; ; delay = Math.min(delay * 1.5, 250)) {
    const value = await condition()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`)
    await pause(delay)
  }
}
