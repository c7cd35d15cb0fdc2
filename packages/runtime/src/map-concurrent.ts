/**
 * `items.map(work)` with at most `limit` running at once. Results keep the order of the items. The
 * first failure stops new work and is thrown once the work under way has settled.
 */
export const mapConcurrent = async <T, R>(
  items: Iterable<T>,
  limit: number,
  work: (item: T, index: number) => Promise<R>
): Promise<R[]> => {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError('limit must be a positive whole number')
  const results: R[] = []
  const failures: unknown[] = []
  const queue = [...items].entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = await work(item, index)
      } catch (error) {
        failures.push(error)
      }
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
  if (failures.length > 0) throw failures[0]
  return results
}
