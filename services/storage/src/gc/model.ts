/**
 * The protocol of docs/storage.md as a small state machine over one chunk, for exhaustive exploration: two uploaders that
 * may crash or pause anywhere, leases that end at any time, purge, reconciliation, compaction, collection.
 * Every transition is one transaction or one object operation.
 */
export interface Variant {
  /** Register stamps the chunk with the vault's epoch. */
  readonly touches: boolean
  /** The epoch is read inside the register transaction, not earlier. */
  readonly epochUnderLock: boolean
  /** The intent row is committed before the object is written. */
  readonly intentFirst: boolean
  /** Seal refuses when the lease has ended. */
  readonly sealChecksLease: boolean
  /** An orphan is released only after metadata fenced its id. */
  readonly fences: boolean
  /** The mark snapshot is taken after the bump. */
  readonly bumpBeforeMark: boolean
}

export const CORRECT: Variant = {
  touches: true,
  epochUnderLock: true,
  intentFirst: true,
  sealChecksLease: true,
  fences: true,
  bumpBeforeMark: true
}

type UploaderStep = 'start' | 'write' | 'put' | 'register' | 'touch' | 'seal' | 'commit' | 'done'
type ReferenceState = 'none' | 'sealed' | 'suspected' | 'fenced' | 'committed' | 'released'
type CollectorStep = 'idle' | 'first' | 'second' | 'reap' | 'condemn' | 'packs'

interface Uploader {
  step: UploaderStep
  lease: 'open' | 'ended'
  pinned: boolean
  epoch: number
  /** Index of the pack this uploader writes; fixed per uploader. */
  reference: ReferenceState
  /** Metadata's view: a version exists. */
  version: boolean
  retries: number
}

interface Pack {
  row: 'none' | 'intent' | 'stored'
  object: boolean
  used: boolean
}

export interface State {
  epoch: number
  chunk: { pack: number; touch: number; condemned: number } | null
  packs: Pack[]
  uploaders: Uploader[]
  collector: { step: CollectorStep; reachable: boolean; runs: number }
  compactor: { from: number; to: number } | null
  compactions: number
}

const UPLOADERS = 2
const COMPACTION_PACK = UPLOADERS

export const initialState = (): State => ({
  epoch: 1,
  chunk: null,
  packs: Array.from({ length: UPLOADERS + 1 }, () => ({ row: 'none', object: false, used: false })),
  uploaders: Array.from({ length: UPLOADERS }, () => ({
    step: 'start',
    lease: 'open',
    pinned: false,
    epoch: 0,
    reference: 'none',
    version: false,
    retries: 0
  })),
  collector: { step: 'idle', reachable: false, runs: 0 },
  compactor: null,
  compactions: 0
})

const holds = (reference: ReferenceState): boolean => reference !== 'none' && reference !== 'released'

const reachable = (state: State): boolean =>
  state.uploaders.some((uploader) => uploader.pinned || holds(uploader.reference))

/** A version whose content could not be read. */
export const isLoss = (state: State): boolean =>
  state.uploaders.some((uploader) => uploader.version) &&
  !(state.chunk && state.chunk.condemned === 0 && state.packs[state.chunk.pack]?.object)

const live = (state: State): boolean => state.chunk !== null && state.chunk.condemned === 0

/** All states one step away. */
export const successors = (state: State, variant: Variant): State[] => {
  const next: State[] = []
  const branch = (change: (copy: State) => void): void => {
    const copy = structuredCloneOf(state)
    change(copy)
    next.push(copy)
  }
  for (const [index, uploader] of state.uploaders.entries()) uploaderSteps({ state, variant, branch }, uploader, index)
  collectorSteps({ state, variant, branch })
  compactorSteps({ state, variant, branch })
  return next
}

interface Exploring {
  readonly state: State
  readonly variant: Variant
  readonly branch: (change: (copy: State) => void) => void
}

const uploaderSteps = ({ state, variant, branch }: Exploring, now: Uploader, index: number): void => {
  const act = (change: (copy: State, self: Uploader, pack: Pack) => void): void =>
    branch((copy) => {
      const self = copy.uploaders[index]
      const pack = copy.packs[index]
      if (self && pack) change(copy, self, pack)
    })
  const pack = state.packs[index]
  if (now.lease === 'open' && now.step !== 'start') {
    act((_, self) => {
      self.lease = 'ended'
      self.pinned = false
    })
  }
  switch (now.step) {
    case 'start':
      act((copy, self) => {
        self.epoch = copy.epoch
        self.step = live(copy) ? 'touch' : 'write'
      })
      break
    case 'write':
      if (pack && !pack.used) {
        act((_, self, mine) => {
          mine.used = true
          if (variant.intentFirst) mine.row = 'intent'
          else mine.object = true
          self.step = 'put'
        })
      }
      break
    case 'put':
      act((_, self, mine) => {
        if (variant.intentFirst) mine.object = true
        else mine.row = 'intent'
        self.step = 'register'
      })
      break
    case 'register':
      if (pack?.row === 'intent' && now.lease === 'open') {
        act((copy, self, mine) => {
          mine.row = 'stored'
          const epoch = variant.epochUnderLock ? copy.epoch : self.epoch
          const touch = variant.touches ? epoch : 0
          if (copy.chunk && copy.chunk.condemned === 0) copy.chunk.touch = Math.max(copy.chunk.touch, touch)
          else copy.chunk = { pack: index, touch, condemned: 0 }
          self.pinned = true
          self.step = 'seal'
        })
      }
      break
    case 'touch':
      if (now.lease === 'open') {
        act((copy, self) => {
          if (copy.chunk && copy.chunk.condemned === 0) {
            const epoch = variant.epochUnderLock ? copy.epoch : self.epoch
            if (variant.touches) copy.chunk.touch = Math.max(copy.chunk.touch, epoch)
            self.pinned = true
            self.step = 'seal'
          } else if (self.retries === 0) {
            self.retries = 1
            self.step = 'start'
          } else self.step = 'done'
        })
      }
      break
    case 'seal':
      if (now.lease === 'open' || !variant.sealChecksLease) {
        act((_, self) => {
          self.reference = 'sealed'
          self.pinned = false
          self.step = 'commit'
        })
      }
      break
    case 'commit':
      act((_, self) => {
        self.step = 'done'
        if (self.reference === 'fenced' || (self.reference === 'released' && variant.fences)) return
        self.version = true
        if (self.reference !== 'released') self.reference = self.reference === 'suspected' ? 'suspected' : 'committed'
      })
      break
    case 'done':
      break
  }
  reconcileSteps({ state, variant, branch }, now, index)
}

/** The reconciler and purge act on references, whatever their uploader does. */
const reconcileSteps = ({ variant, branch }: Exploring, now: Uploader, index: number): void => {
  const act = (change: (self: Uploader) => void): void =>
    branch((copy) => {
      const self = copy.uploaders[index]
      if (self) change(self)
    })
  if (now.reference === 'sealed' && !now.version)
    act((self) => (self.reference = variant.fences ? 'fenced' : 'suspected'))
  if (now.reference === 'fenced' || now.reference === 'suspected') act((self) => (self.reference = 'released'))
  if (now.reference === 'committed' && now.version) {
    act((self) => {
      self.version = false
      self.reference = 'fenced'
    })
  }
}

const RUNS = 3

const collectorSteps = ({ state, variant, branch }: Exploring): void => {
  const { collector } = state
  const to = (copy: State, step: CollectorStep): void => {
    copy.collector.step = step
  }
  const bump = (copy: State): void => {
    copy.epoch += 1
  }
  const mark = (copy: State): void => {
    copy.collector.reachable = reachable(copy)
  }
  switch (collector.step) {
    case 'idle':
      if (collector.runs < RUNS) {
        branch((copy) => {
          copy.collector.runs += 1
          to(copy, 'first')
        })
      }
      break
    case 'first':
      branch((copy) => {
        if (variant.bumpBeforeMark) bump(copy)
        else mark(copy)
        to(copy, 'second')
      })
      break
    case 'second':
      branch((copy) => {
        if (variant.bumpBeforeMark) mark(copy)
        else bump(copy)
        to(copy, 'reap')
      })
      break
    case 'reap':
      branch((copy) => {
        const condemned = copy.chunk?.condemned ?? 0
        if (condemned > 0 && condemned < copy.epoch && !copy.collector.reachable) copy.chunk = null
        to(copy, 'condemn')
      })
      break
    case 'condemn':
      branch((copy) => {
        const { chunk } = copy
        if (chunk?.condemned === 0 && chunk.touch < copy.epoch && !copy.collector.reachable)
          chunk.condemned = copy.epoch
        to(copy, 'packs')
      })
      break
    case 'packs':
      branch((copy) => to(copy, 'idle'))
      state.packs.forEach((pack, index) => {
        const writer = state.uploaders[index]
        const empty = pack.row === 'stored' && state.chunk?.pack !== index && state.compactor?.from !== index
        const abandoned = pack.row === 'intent' && (writer ? writer.lease === 'ended' : state.compactor === null)
        const stray = pack.row === 'none' && pack.object
        if (empty || abandoned || stray) {
          branch((copy) => {
            const swept = copy.packs[index]
            if (swept) Object.assign(swept, { row: 'none', object: false })
          })
        }
      })
      break
  }
}

const compactorSteps = ({ state, branch }: Exploring): void => {
  const { compactor, chunk } = state
  if (!compactor) {
    if (state.compactions === 0 && chunk?.condemned === 0 && chunk.pack !== COMPACTION_PACK) {
      branch((copy) => {
        copy.compactions = 1
        copy.compactor = { from: chunk.pack, to: COMPACTION_PACK }
        const pack = copy.packs[COMPACTION_PACK]
        if (pack) Object.assign(pack, { row: 'intent', object: true, used: true })
      })
    }
    return
  }
  branch((copy) => {
    const pack = copy.packs[compactor.to]
    if (pack) pack.row = 'stored'
    if (copy.chunk?.pack === compactor.from && copy.chunk.condemned === 0) copy.chunk.pack = compactor.to
    copy.compactor = null
  })
}

const structuredCloneOf = (state: State): State => ({
  ...state,
  chunk: state.chunk && { ...state.chunk },
  packs: state.packs.map((pack) => ({ ...pack })),
  uploaders: state.uploaders.map((uploader) => ({ ...uploader })),
  collector: { ...state.collector },
  compactor: state.compactor && { ...state.compactor }
})

/** Breadth-first; stops at the first state that loses content. */
export const explore = (variant: Variant): { states: number; loss: State | undefined } => {
  const seen = new Set<string>()
  let frontier: State[] = [initialState()]
  while (frontier.length > 0) {
    const following: State[] = []
    for (const state of frontier) {
      for (const next of successors(state, variant)) {
        const name = nameOf(next)
        if (seen.has(name)) continue
        seen.add(name)
        if (isLoss(next)) return { states: seen.size, loss: next }
        following.push(next)
      }
    }
    frontier = following
  }
  return { states: seen.size, loss: undefined }
}

/** Uploaders are interchangeable only together with their packs, so no symmetry is folded. */
const nameOf = (state: State): string =>
  [
    state.epoch,
    state.chunk ? `${state.chunk.pack}.${state.chunk.touch}.${state.chunk.condemned}` : '-',
    state.packs.map((pack) => `${pack.row[0]}${+pack.object}${+pack.used}`).join(''),
    state.uploaders
      .map(
        (u) =>
          `${u.step.slice(0, 2)}${u.lease[0]}${+u.pinned}${u.epoch}${u.reference.slice(0, 3)}${+u.version}${u.retries}`
      )
      .join('|'),
    `${state.collector.step}${+state.collector.reachable}${state.collector.runs}`,
    state.compactor ? `${state.compactor.from}>${state.compactor.to}` : `c${state.compactions}`
  ].join(' ')
