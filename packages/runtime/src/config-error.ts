/** One bad setting. */
export interface ConfigProblem {
  /** Environment variable, e.g. "CAIRN_PORT". */
  readonly variable: string
  /** What was found; absent when unset or when it may be a secret. */
  readonly value?: string
  readonly reason: string
  readonly example: string
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(['The configuration is not valid:', ...problems.map((problem) => `  ${describeProblem(problem)}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const describeProblem = (problem: ConfigProblem): string => {
  const found = problem.value === undefined ? '' : ` (is ${JSON.stringify(problem.value)})`
  return `${problem.variable}${found}: ${problem.reason}. Example: ${problem.variable}=${problem.example}`
}
