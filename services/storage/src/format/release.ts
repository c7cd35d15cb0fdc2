/** Below this the collector is cheaper than the call. */
const WORTH = 8192

/**
 * Gives the memory of an owned buffer back now. At a gigabyte a second, buffers left to the collector made a third
 * of an upload's CPU time. Views of larger or shared memory are left alone.
 */
export const release = (bytes: Uint8Array): void => {
  const { buffer, byteLength } = bytes
  if (byteLength >= WORTH && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
