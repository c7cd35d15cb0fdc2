/** Bytes per second, smoothed: quick to follow, slow to flicker. */
export interface SpeedMeter {
  readonly perSecond: number
  /** `total` never shrinks within one run; a smaller one starts the meter again. */
  update(total: number, now: number): void
}

const HALF_LIFE_MS = 3000

export const createSpeedMeter = (): SpeedMeter => {
  let last: { readonly total: number; readonly at: number } | undefined
  let rate = 0
  let weight = 0
  return {
    get perSecond() {
      return weight === 0 ? 0 : rate / weight
    },
    update: (total, now) => {
      if (last === undefined || total < last.total) {
        rate = 0
        weight = 0
        last = { total, at: now }
        return
      }
      const elapsed = now - last.at
      if (elapsed < 200) return
      const keep = 0.5 ** (elapsed / HALF_LIFE_MS)
      // Weighted so that the first seconds are not drawn towards nought.
      rate = rate * keep + ((total - last.total) / elapsed) * 1000 * (1 - keep)
      weight = weight * keep + (1 - keep)
      last = { total, at: now }
    }
  }
}

/** Undefined while nobody can tell. */
export const secondsLeft = (bytes: number, perSecond: number): number | undefined =>
  perSecond < 1 || bytes <= 0 ? undefined : bytes / perSecond
