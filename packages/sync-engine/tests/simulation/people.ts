import { joinPath, type LocalEntry, parentPath } from '../../src/index.ts'
import type { SimulatedClient } from './client.ts'
import type { SeededRandom } from './random.ts'
import type { SimulatedServer } from './server.ts'

const NAMES = ['a', 'b', 'c', 'A', 'é', 'e\u0301', 'd.txt', 'D.txt', 'x', 'y']

/** Contents that people wrote, and those that people themselves destroyed. */
export class Ledger {
  readonly written = new Set<string>()
  readonly destroyed = new Set<string>()
  #serial = 0

  write(random: SeededRandom): string {
    const old = random.chance(15) ? random.pick([...this.written]) : undefined
    if (old !== undefined) return old
    this.#serial += 1
    const content = `t${String(this.#serial).padStart(6, '0')}`
    this.written.add(content)
    return content
  }
}

/** Somebody does something in a client's folder. */
export const editFolder = (client: SimulatedClient, random: SeededRandom, ledger: Ledger): string => {
  const { disk } = client
  const entries = [...disk.scan().values()]
  const files = entries.filter(({ kind }) => kind === 'file')
  const folders = ['', ...entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path)]
  const place = (): string => joinPath(random.pick(folders) ?? '', random.pick(NAMES) ?? 'a')
  const destroy = (path: string): void => {
    if (disk.look(path)?.kind === 'file') ledger.destroyed.add(disk.read(path))
  }
  const removeAll = (path: string): void => {
    for (const name of disk.children(path)) removeAll(`${path}/${name}`)
    destroy(path)
    disk.remove(path)
  }
  const save = (path: string): void => {
    destroy(path)
    disk.write(path, ledger.write(random), { durable: true })
  }
  const doings: (() => string)[] = [
    () => {
      const path = place()
      if (disk.look(path)?.kind === 'folder') return 'nothing'
      save(path)
      return `write ${path}`
    },
    () => {
      const file = random.pick(files)
      if (file === undefined) return 'nothing'
      save(file.path)
      return `edit ${file.path}`
    },
    () => {
      // As editors do: a new file takes the old one's name.
      const file = random.pick(files)
      if (file === undefined) return 'nothing'
      const temp = joinPath(parentPath(file.path), '~tmp')
      if (disk.look(temp) !== undefined) return 'nothing'
      save(temp)
      destroy(file.path)
      disk.rename(temp, file.path)
      return `replace ${file.path}`
    },
    () => {
      const path = place()
      if (disk.look(path) !== undefined) return 'nothing'
      disk.makeFolder(path)
      return `mkdir ${path}`
    },
    () => {
      const entry = random.pick(entries)
      const to = place()
      if (entry === undefined || `${to}/`.startsWith(`${entry.path}/`) || disk.look(to)?.kind === 'folder')
        return 'nothing'
      if (entry.kind === 'folder' && disk.look(to) !== undefined) return 'nothing'
      if (to !== entry.path) destroy(to)
      disk.rename(entry.path, to)
      return `mv ${entry.path} ${to}`
    },
    () => {
      const [one, other] = [random.pick(entries), random.pick(entries)]
      if (one === undefined || other === undefined || related(one, other)) return 'nothing'
      disk.rename(one.path, '~swap')
      disk.rename(other.path, one.path)
      disk.rename('~swap', other.path)
      return `swap ${one.path} ${other.path}`
    },
    () => {
      const entry = random.pick(random.chance(70) ? files : entries)
      if (entry === undefined) return 'nothing'
      removeAll(entry.path)
      return `rm -r ${entry.path}`
    }
  ]
  let did = 'nothing'
  for (let tries = 0; did === 'nothing' && tries < 5; tries += 1) did = random.pick(doings)?.() ?? 'nothing'
  disk.flushAll()
  return did
}

const related = (a: LocalEntry, b: LocalEntry): boolean =>
  `${a.path}/`.startsWith(`${b.path}/`) || `${b.path}/`.startsWith(`${a.path}/`)

/** Somebody does something in the web app. */
export const editServer = (server: SimulatedServer, random: SeededRandom, ledger: Ledger): string => {
  const nodes = [...server.drive.nodes.values()].filter(({ state, parentId }) => state === 'live' && parentId !== null)
  const node = random.pick(nodes)
  const folder = random.pick([server.rootId, ...nodes.filter(({ kind }) => kind === 'folder').map(({ id }) => id)])
  const name = random.pick(NAMES) ?? 'a'
  const opId = server.newId('web')
  if (folder === undefined) return 'nothing'
  const doings: (() => string)[] = [
    () => {
      const content = ledger.write(random)
      const reply = server.put(opId, { parent: folder, name }, content)
      if (!reply.ok) ledger.destroyed.add(content)
      return `web put ${name}: ${reply.ok}`
    },
    () => {
      if (node?.kind !== 'file') return 'nothing'
      const content = ledger.write(random)
      ledger.destroyed.add(server.contents.get(node.versionId ?? '') ?? '')
      const reply = server.put(opId, { nodeId: node.id, baseRev: node.contentRev }, content)
      if (!reply.ok) ledger.destroyed.add(content)
      return `web edit ${node.name}: ${reply.ok}`
    },
    () => {
      if (node === undefined) return 'nothing'
      const target = random.chance(50) ? { name } : { parent: folder, name }
      const reply = server.apply(opId, { kind: 'move', nodeId: node.id, onConflict: 'rename', expect: {}, ...target })
      return `web move ${node.name} to ${name}: ${reply.ok}`
    },
    () => {
      if (node === undefined) return 'nothing'
      for (const content of server.contentsBelow(node.id)) ledger.destroyed.add(content)
      return `web trash ${node.name}: ${server.apply(opId, { kind: 'trash', nodeId: node.id, expect: {} }).ok}`
    },
    () => {
      const trashed = random.pick([...server.drive.nodes.values()].filter(({ state }) => state === 'trashed'))
      if (trashed === undefined) return 'nothing'
      return `web restore ${trashed.name}: ${server.apply(opId, { kind: 'restore', nodeId: trashed.id }).ok}`
    }
  ]
  let did = 'nothing'
  for (let tries = 0; did === 'nothing' && tries < 5; tries += 1) did = random.pick(doings)?.() ?? 'nothing'
  return did
}
