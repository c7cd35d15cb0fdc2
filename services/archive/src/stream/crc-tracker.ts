import { crc32 } from 'node:zlib'
import type { PrefixCrc } from '../checksums/seal-crc.ts'

/** Extends the CRC of a content's beginning by the bytes that pass, wherever they begin. */
export class CrcTracker {
  #length: number
  #crc: number

  constructor(known: PrefixCrc | undefined) {
    this.#length = known?.length ?? 0
    this.#crc = known?.crc ?? 0
  }

  /** Bytes that begin at `position`; those that leave a gap are of no use. */
  see(position: number, bytes: Uint8Array): void {
    const skip = this.#length - position
    if (skip < 0 || skip >= bytes.length) return
    this.#crc = crc32(bytes.subarray(skip), this.#crc)
    this.#length = position + bytes.length
  }

  get prefix(): PrefixCrc {
    return { length: this.#length, crc: this.#crc }
  }
}
