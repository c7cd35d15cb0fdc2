import { open, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

/**
 * A socket that answers for as long as its process lives, also to processes in other containers that share
 * the folder but not the process table. Linux only: elsewhere the path may be too long for a socket.
 */
export interface GuardSocket {
  close(): Promise<void>
}

export const listenAsGuard = async (folder: string, name: string): Promise<GuardSocket | undefined> => {
  if (process.platform !== 'linux') return undefined
  const directory = await open(folder)
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(viaDescriptor(directory.fd, name), resolve)
  })
  server.unref()
  return {
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await directory.close()
      await rm(join(folder, name), { force: true })
    }
  }
}

export const guardAnswers = async (folder: string, name: string): Promise<boolean> => {
  if (process.platform !== 'linux') return false
  await using directory = await open(folder)
  return await new Promise<boolean>((resolve) => {
    const socket = connect(viaDescriptor(directory.fd, name))
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.once('connect', () => socket.destroy())
  })
}

/** Socket paths end at 107 bytes; through the open folder even a deep one is short. */
const viaDescriptor = (descriptor: number, name: string): string => `/proc/self/fd/${descriptor}/${name}`
