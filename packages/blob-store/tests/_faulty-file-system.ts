import type { FileSystem } from '../src/filesystem/index.ts'

export type SystemCall = Exclude<keyof FileSystem, 'list'>

/** Asked before each call; returns the error to throw instead, or undefined to let it through. */
export type Fault = (call: SystemCall, args: readonly unknown[]) => Error | undefined

/** Runs after each call that went through. */
export type Observer = (call: SystemCall, args: readonly unknown[]) => void

const CALLS = [
  'open',
  'close',
  'writev',
  'read',
  'fdatasync',
  'fsync',
  'link',
  'unlink',
  'mkdir',
  'lstat',
  'realpath',
  'freeBytes'
] as const satisfies readonly SystemCall[]

/** The file system with a hook before and after every call. */
export const hookFileSystem = (fs: FileSystem, fault: Fault, observe: Observer = () => undefined): FileSystem => {
  const hooked = CALLS.map((call) => {
    const real = fs[call] as (...args: unknown[]) => Promise<unknown>
    const run = async (...args: unknown[]): Promise<unknown> => {
      const error = fault(call, args)
      if (error !== undefined) throw error
      const result = await real(...args)
      observe(call, args)
      return result
    }
    return [call, run]
  })
  return { ...fs, ...(Object.fromEntries(hooked) as Omit<FileSystem, 'list'>) }
}
