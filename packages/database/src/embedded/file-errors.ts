/** Node's code of a file system or process error, e.g. "ENOENT". */
export const errorCode = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : undefined
}

/** Undefined where the file, folder or process is not there. */
export const orMissing = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESRCH'].includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}
