import assert from 'node:assert/strict'
import { Killed, NetworkDown, SimulatedClient, type World } from './client.ts'
import { editFolder, editServer, Ledger } from './people.ts'
import { SeededRandom } from './random.ts'
import { Scheduler } from './scheduler.ts'
import { SimulatedServer } from './server.ts'

export interface Simulated {
  readonly steps: number
  readonly trace: readonly string[]
}

const MOST_EDITS = 40
const CALM_RUNS = 12

/** Three devices and the web app, crashes and a bad network; then calm. Throws when anything is lost or they differ. */
export const simulate = async (seed: number): Promise<Simulated> => {
  const random = new SeededRandom(seed)
  const scheduler = new Scheduler(random)
  const crashes = random.chance(50)
  const world: World = {
    random,
    scheduler,
    server: new SimulatedServer(),
    faults: random.pick([0, 3, 15]) ?? 0,
    crashes
  }
  const clients = ['one', 'two', 'three'].map((name) => new SimulatedClient(name, world))
  const ledger = new Ledger()
  const trace: string[] = []
  let editing = true

  const device = async (client: SimulatedClient): Promise<void> => {
    while (editing) {
      await scheduler.turn()
      if (random.chance(40)) continue
      await client.run().catch(ignoreFaults)
    }
  }
  const people = async (): Promise<void> => {
    for (let edit = random.below(MOST_EDITS); edit >= 0; edit -= 1) {
      for (let pause = random.below(60); pause > 0; pause -= 1) await scheduler.turn()
      const client = random.pick(clients)
      if (client === undefined) continue
      const what = random.below(100)
      if (what < 70) trace.push(`${client.name}: ${editFolder(client, random, ledger)}`)
      else if (what < 88) trace.push(editServer(world.server, random, ledger))
      else if (crashes) {
        client.loseDatabase()
        trace.push(`${client.name}: database lost`)
      }
    }
    editing = false
  }
  try {
    await scheduler.run([...clients.map(device), people()])
    world.faults = 0
    world.crashes = false
    await calmDown(world, clients)
    assertSame(world, clients)
    assertNothingLost({ ...world, clients, ledger, crashes })
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${trace.join('\n')}`, {
      cause: error
    })
  }
  return { steps: scheduler.steps, trace }
}

const ignoreFaults = (error: unknown): void => {
  if (!(error instanceof Killed) && !(error instanceof NetworkDown)) throw error
}

const calmDown = async ({ scheduler }: World, clients: readonly SimulatedClient[]): Promise<void> => {
  for (let run = 0; run < CALM_RUNS; run += 1) {
    let quiet = true
    for (const client of clients) {
      const running = client.run().then((outcome) => {
        if (!outcome.settled) {
          const left = outcome.plan.actions.map((action) =>
            JSON.stringify(action, (_, value) => (typeof value === 'bigint' ? String(value) : value))
          )
          throw new Error(`${client.name} is stuck: ${left.join('\n')} ${JSON.stringify(outcome.failures)}`)
        }
        if (outcome.done > 0) quiet = false
      })
      await scheduler.run([running])
    }
    if (quiet) return
  }
  throw new Error('they do not come to rest')
}

interface End extends World {
  readonly clients: readonly SimulatedClient[]
  readonly ledger: Ledger
}

/** What nobody deleted or wrote over is a file; after crashes it may be in a local trash instead. */
const assertNothingLost = ({ server, clients, ledger, crashes }: End): void => {
  const trashed = crashes ? clients.flatMap((client) => [...client.contents()]) : []
  const there = new Set([...server.tree().values(), ...trashed])
  const lost = [...ledger.written].filter((content) => !there.has(content) && !ledger.destroyed.has(content))
  assert.deepEqual(lost, [], 'contents were lost')
}

const assertSame = ({ server }: World, clients: readonly SimulatedClient[]): void => {
  const shown = (tree: Map<string, string | undefined>) =>
    [...tree].map(([path, content]) => `${path.normalize('NFC')} = ${content}`).sort()
  for (const client of clients)
    assert.deepEqual(shown(client.tree()), shown(server.tree()), `${client.name} differs from the server`)
}
