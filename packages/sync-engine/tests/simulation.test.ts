import { describe, it } from 'node:test'
import { simulate } from './simulation/simulate.ts'

const FIRST = Number(process.env['CAIRN_SIM_SEED'] ?? 1)
const COUNT = Number(process.env['CAIRN_SIM_SEEDS'] ?? (process.env['CAIRN_SIM_SEED'] === undefined ? 2000 : 1))

describe('simulation of three devices, the web app, crashes and a bad network', () => {
  it(`FLT-054 nothing is lost and all become equal (CAIRN_SIM_SEED replays one)`, async () => {
    for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) await simulate(seed)
  })
})
