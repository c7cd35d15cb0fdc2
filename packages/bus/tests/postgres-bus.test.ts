import { testBusContract } from '../src/contract-suite.ts'
import { createFixture } from './_fixture.ts'

testBusContract('postgres', () => createFixture())
