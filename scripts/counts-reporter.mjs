// Closes a test run with one plain line of counts; prints failures and reasons of skips on the way.
export default async function* counts(source) {
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details?.type === 'suite') continue
    const skip = data.skip !== undefined && data.skip !== false
    const todo = data.todo !== undefined && data.todo !== false
    if (skip || todo) {
      tally.skipped += 1
      yield `skipped: ${data.name}: ${typeof data.skip === 'string' && data.skip ? data.skip : 'no reason given'}\n`
    } else if (type === 'test:pass') tally.passed += 1
    else {
      tally.failed += 1
      const error = data.details?.error
      yield `FAILED: ${data.name} (${data.file ?? ''}:${data.line ?? ''})\n${error?.cause?.stack ?? error?.stack ?? error}\n`
    }
  }
  yield `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`
}
