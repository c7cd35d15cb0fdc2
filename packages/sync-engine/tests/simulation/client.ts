import {
  type DrivePort,
  type Execution,
  FolderError,
  type FolderPort,
  finishMove,
  type Knowledge,
  type Learn,
  type PlanOptions,
  type RemoteNode,
  RemoteTree,
  type StateChange,
  type StatePort,
  type SyncedNode,
  type SyncOutcome,
  sameState,
  syncRounds,
  TEMP_FOLDER
} from '../../src/index.ts'
import { Disk } from './disk.ts'
import type { SeededRandom } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { ServerReply, SimulatedServer } from './server.ts'

export class Killed extends Error {}
export class NetworkDown extends Error {}

export interface World {
  readonly random: SeededRandom
  readonly scheduler: Scheduler
  readonly server: SimulatedServer
  /** Percent; 0 once the world has calmed down. */
  faults: number
  /** Clients die at any moment. */
  crashes: boolean
}

const CRASH_ONE_IN = 150

/** What a client keeps in its database. Every write is durable at once. */
interface Database {
  synced: Map<string, SyncedNode>
  remote: Map<string, RemoteNode>
  seq: number
  moving: { readonly from: string; readonly to: string } | undefined
}

export class SimulatedClient {
  readonly disk = new Disk()
  readonly name: string
  readonly #world: World
  #database: Database = { synced: new Map(), remote: new Map(), seq: 0, moving: undefined }
  #life = 0
  #unique = 0
  readonly #versions = new Map<string, string>()

  constructor(name: string, world: World) {
    this.name = name
    this.#world = world
  }

  /** The process dies: nothing it still has under way has any effect. */
  kill(options: { readonly powerLoss: boolean }): void {
    this.#life += 1
    if (options.powerLoss) this.disk.crash(this.#world.random)
  }

  /** The database is lost or replaced by an old copy: the generation tells, the synced tree is dropped. */
  loseDatabase(): void {
    this.#life += 1
    this.#database = { synced: new Map(), remote: new Map(), seq: 0, moving: undefined }
  }

  /** One run of the client, from its start until nothing is left to do. */
  async run(): Promise<SyncOutcome> {
    const life = this.#life
    const alive = (): void => {
      if (this.#life !== life) throw new Killed()
    }
    const turn = async (): Promise<void> => {
      alive()
      await this.#world.scheduler.turn()
      alive()
      if (this.#world.crashes && this.#world.random.below(CRASH_ONE_IN) === 0) {
        this.kill({ powerLoss: this.#world.random.chance(50) })
        throw new Killed()
      }
    }
    const folder = this.#folder(turn)
    const state = this.#state(alive)
    if (this.#database.moving !== undefined) await finishMove({ folder, state }, this.#database.moving)
    await this.#cleanUp(folder)
    const hashes = new Map<string, string>()
    const known: Knowledge = {
      local: (entry) => hashes.get(`${entry.path} ${entry.fileId} ${entry.mtimeNs}`),
      version: (id) => this.#versions.get(id)
    }
    return syncRounds({
      observe: async () => {
        await this.#pull(turn)
        await turn()
        const local = this.disk.scan()
        const remote = new RemoteTree(this.#world.server.rootId, [
          this.#world.server.root(),
          ...this.#database.remote.values()
        ])
        const synced = new Map(this.#database.synced)
        return { input: { remote, local, synced, known, options: this.#options() }, knownSeq: this.#database.seq }
      },
      learn: (wanted) => this.#learn(wanted, { turn, hashes }),
      execution: (knownSeq): Execution => ({
        folder,
        drive: this.#drive(turn),
        state,
        day: '2026-01-02',
        unique: () => {
          this.#unique += 1
          return `t${this.#unique}`
        },
        knownSeq,
        parallel: 2,
        signal: new AbortController().signal
      })
    })
  }

  #options(): PlanOptions {
    return {
      device: this.name,
      day: '2026-01-02',
      readOnly: false,
      allowDeletes: true,
      excluded: new Set(),
      osName: (name) => name
    }
  }

  async #cleanUp(folder: FolderPort): Promise<void> {
    await folder.makeFolders(TEMP_FOLDER)
    for (const name of this.disk.children(TEMP_FOLDER)) await folder.removeFile(`${TEMP_FOLDER}/${name}`)
  }

  async #pull(turn: () => Promise<void>): Promise<void> {
    for (;;) {
      await turn()
      this.#maybeLose()
      const { nodes, seq } = this.#world.server.changesAfter(this.#database.seq, 1 + this.#world.random.below(20))
      await turn()
      for (const node of nodes) remember(this.#database.remote, node)
      this.#database.seq = Math.max(seq, this.#database.seq)
      if (nodes.length === 0) return
    }
  }

  async #learn(
    wanted: readonly Learn[],
    { turn, hashes }: { readonly turn: () => Promise<void>; readonly hashes: Map<string, string> }
  ): Promise<number> {
    let learnt = 0
    for (const item of wanted) {
      await turn()
      if (item.kind === 'version') {
        this.#maybeLose()
        const content = this.#world.server.contents.get(item.versionId)
        if (content === undefined) continue
        this.#versions.set(item.versionId, content)
        learnt += 1
      } else {
        const { entry } = item
        const now = this.disk.look(entry.path)
        if (now === undefined || !sameState(now, entry)) continue
        hashes.set(`${entry.path} ${entry.fileId} ${entry.mtimeNs}`, this.disk.read(entry.path))
        learnt += 1
      }
    }
    return learnt
  }

  #maybeLose(): void {
    if (this.#world.random.chance(this.#world.faults)) throw new NetworkDown()
  }

  /** The request may be lost, or its reply, or arrive twice. */
  async #request(turn: () => Promise<void>, ask: () => ServerReply): Promise<ServerReply> {
    await turn()
    this.#maybeLose()
    let reply = ask()
    if (this.#world.random.chance(this.#world.faults)) {
      await turn()
      reply = ask()
    }
    await turn()
    this.#maybeLose()
    return reply
  }

  #drive(turn: () => Promise<void>): DrivePort {
    const { server } = this.#world
    return {
      operate: async (operations) => {
        const results: ServerReply[] = []
        for (const operation of operations) {
          const opId = server.newId('op')
          const newNodeId = `n-${opId}`
          results.push(
            await this.#request(turn, () => {
              switch (operation.op) {
                case 'make-folder': {
                  const { parentId: parent, name } = operation
                  return server.apply(opId, { kind: 'make-folder', newNodeId, parent, name, onConflict: 'merge' })
                }
                case 'move': {
                  const { id: nodeId, parentId: parent, name, baseRev } = operation
                  return server.apply(opId, {
                    kind: 'move',
                    nodeId,
                    parent,
                    name,
                    onConflict: 'fail',
                    expect: { metaRev: baseRev }
                  })
                }
                case 'trash': {
                  const { id: nodeId, baseRev, observedSeq } = operation
                  const expect = baseRev === undefined ? {} : { contentRev: baseRev }
                  return server.apply(opId, {
                    kind: 'trash',
                    nodeId,
                    expect,
                    ...(observedSeq === undefined ? {} : { observedSeq })
                  })
                }
                case 'restore':
                  return server.apply(opId, { kind: 'restore', nodeId: operation.id })
              }
            })
          )
        }
        return results
      },
      upload: async (items, settle) => {
        for (const [index, { path, entry, target }] of items.entries()) {
          await turn()
          const before = this.disk.look(path)
          if (before === undefined || !sameState(before, entry)) {
            await settle(index, { ok: false, code: 'changing', detail: '' })
            continue
          }
          const data = this.disk.read(path)
          const opId = server.newId('op')
          const place =
            'id' in target
              ? { nodeId: target.id, baseRev: target.baseRev }
              : { parent: target.parentId, name: target.name }
          const reply = await this.#request(turn, () => server.put(opId, place, data))
          await settle(index, reply.ok ? { ok: true, node: reply.node, state: before, content: data } : reply)
        }
      },
      download: async (node, to) => {
        await turn()
        this.#maybeLose()
        const content = server.contents.get(node.versionId ?? '')
        if (content === undefined) throw new FolderError('failed', 'no such version')
        this.disk.write(to, '', { durable: false })
        await turn()
        const mtime = BigInt(node.mtime) * 1_000_000n
        this.disk.write(to, content, { durable: false, mtime })
        await turn()
        this.disk.write(to, content, { durable: true, mtime })
        const state = this.disk.look(to)
        if (state === undefined) throw new FolderError('missing', to)
        return { content, state }
      }
    }
  }

  #folder(turn: () => Promise<void>): FolderPort {
    const { disk } = this
    const later =
      <A extends unknown[], R>(act: (...args: A) => R) =>
      async (...args: A): Promise<R> => {
        await turn()
        return act(...args)
      }
    return {
      look: later((path) => disk.look(path)),
      makeFolder: later((path) => disk.makeFolder(path)),
      makeFolders: later((path) => disk.makeFolders(path)),
      move: later((from, to) => disk.move(from, to)),
      removeFile: later((path) => disk.remove(path, 'file')),
      removeFolder: later((path) => disk.remove(path, 'folder')),
      flush: later((folders) => disk.flush([...folders]))
    }
  }

  #state(alive: () => void): StatePort {
    return {
      synced: (id) => this.#database.synced.get(id),
      write: (change: StateChange) => {
        alive()
        for (const id of change.forget ?? []) this.#database.synced.delete(id)
        for (const row of change.put ?? []) this.#database.synced.set(row.id, row)
        for (const node of change.remote ?? []) remember(this.#database.remote, node)
        if (change.moving !== undefined) this.#database.moving = change.moving ?? undefined
      }
    }
  }

  /** Path → content of what is synced. */
  tree(): Map<string, string | undefined> {
    const found = new Map<string, string | undefined>()
    for (const { path, kind } of this.disk.scan().values())
      found.set(path, kind === 'file' ? this.disk.read(path) : undefined)
    return found
  }

  /** Every content anywhere on the disk, the engine's own folder included. */
  *contents(): Generator<string, void, void> {
    for (const { path, kind } of this.disk.walk()) if (kind === 'file') yield this.disk.read(path)
  }
}

const remember = (nodes: Map<string, RemoteNode>, node: RemoteNode): void => {
  const standing = nodes.get(node.id)
  if (standing === undefined || standing.seq <= node.seq) nodes.set(node.id, node)
}
