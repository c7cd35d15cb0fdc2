import { AssertionError } from 'node:assert'
import { waitFor } from '@cairn/testing'

/** Waits until assertions hold; fails with the last one that did not. */
export const eventually = async (check: () => void | Promise<void>): Promise<void> => {
  let last: AssertionError | undefined
  const holds = async (): Promise<boolean> => {
    try {
      await check()
      return true
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error
      last = error
      return false
    }
  }
  await waitFor(holds).catch((error: unknown) => {
    throw last ?? error
  })
}
