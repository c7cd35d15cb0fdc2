import { chown, mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Logger, Random } from '@cairn/runtime'
import { blockingFolder, chooseAccount } from './account.ts'
import { locateBinaries, majorVersion } from './binaries.ts'
import { ensureDatabase } from './ensure-database.ts'
import { lockFolder } from './folder-lock.ts'
import { freePort } from './free-port.ts'
import { initialiseCluster, SUPERUSER } from './initialise.ts'
import { stopOrphan } from './orphan.ts'
import { startServerProcess } from './server-process.ts'
import { serverSettings } from './settings.ts'
import { notPassable, prepareSocketFolder } from './socket-folder.ts'
import { createSupervisor, type EmbeddedPostgresState } from './supervisor.ts'
import { usableBinaries } from './usable-binaries.ts'

export interface EmbeddedPostgresOptions {
  /** Everything of the server is kept in here; created when missing. One process at a time may use it. */
  readonly folder: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Settings of postgresql.conf that go before the built-in ones. */
  readonly settings?: Readonly<Record<string, string>>
  /** Milliseconds for open sessions to end at stop; default 15000. */
  readonly stopTimeout?: number
  /** False: no fsync, a crash of the machine may lose everything. For tests; default true. */
  readonly durable?: boolean
  /** False: the running server does not keep this process from ending by itself; default true. */
  readonly keepProcessAlive?: boolean
}

/** A PostgreSQL server of our own, started and kept running. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** With the password: never log it. Stays the same while the server is restarted. */
  readonly url: string
  readonly state: EmbeddedPostgresState
  /** Process id of the server; undefined before the first start. */
  readonly pid: number | undefined
  /** Fast shutdown: sessions are ended, everything is written. */
  stop(): Promise<void>
}

const DATABASE = 'cairn'
const SOCKET_PORT = 5432

/**
 * Starts the embedded server: resolves when it accepts connections. Rejects with EmbeddedPostgresError,
 * whose message says what to do.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { clock, random, logger } = options
  const durable = options.durable ?? true
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const folder = await realpath(options.folder)
  const lock = await lockFolder(folder, { random, logger })
  try {
    const installed = await locateBinaries()
    const cluster = join(folder, `cluster-${majorVersion(installed)}`)
    const account = await chooseAccount(cluster)
    if (account !== undefined) {
      await chown(folder, account.uid, account.gid)
      const blocking = await blockingFolder(folder, account)
      if (blocking !== undefined) throw notPassable(blocking, account)
    }
    const binaries = await usableBinaries(installed, { folder, account, logger })
    const password = await initialiseCluster({ binaries, cluster, account, durable, random, logger })
    await stopOrphan({ cluster, clock, logger })

    const socketFolder = await prepareSocketFolder(folder, account)
    const port = socketFolder === undefined ? await freePort() : SOCKET_PORT
    const url = urlOf({ password, socketFolder, port })
    const settings = { ...serverSettings({ socketFolder, port, durable }), ...options.settings }
    const keepProcessAlive = options.keepProcessAlive ?? true

    const supervisor = createSupervisor({
      launch: async () => {
        await stopOrphan({ cluster, clock, logger })
        const atExit = durable ? 'fast' : 'immediate'
        return startServerProcess({ binaries, cluster, account, settings, keepProcessAlive, atExit, clock, logger })
      },
      onReady: () => ensureDatabase(url, DATABASE),
      clock,
      random,
      logger,
      stopTimeout: options.stopTimeout ?? 15_000
    })
    await supervisor.start()
    logger.info(
      { pid: supervisor.pid, version: binaries.version, account: account?.name },
      'embedded PostgreSQL is ready'
    )

    const stop = async () => {
      await supervisor.stop()
      if (socketFolder !== undefined) await rm(socketFolder, { recursive: true, force: true })
      await lock.release()
    }
    return {
      url,
      get state() {
        return supervisor.state
      },
      get pid() {
        return supervisor.pid
      },
      stop,
      [Symbol.asyncDispose]: stop
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

const urlOf = (place: { password: string; socketFolder: string | undefined; port: number }): string => {
  const authority = `postgres://${SUPERUSER}:${place.password}`
  return place.socketFolder === undefined
    ? `${authority}@127.0.0.1:${place.port}/${DATABASE}?application_name=cairn`
    : // The host in the query wins; the one before it keeps the URL readable by every parser.
      `${authority}@localhost:${place.port}/${DATABASE}?host=${encodeURIComponent(place.socketFolder)}`
}
