/** Throws RangeError: a bad range is a bug of the caller, not a state of the store. */
export const assertValidRange = (offset: number, length: number): void => {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`not a byte range: offset ${offset}, length ${length}`)
  }
}

/** `length` bytes to read into: the start of `into` if it is large enough, otherwise a buffer of its own. */
export const readTarget = (length: number, into: Uint8Array | undefined): Uint8Array => {
  if (into === undefined || into.byteLength < length) return Buffer.allocUnsafeSlow(length)
  return into.byteLength === length ? into : into.subarray(0, length)
}
