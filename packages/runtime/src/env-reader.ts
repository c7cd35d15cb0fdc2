import { ConfigError, type ConfigProblem } from './config-error.ts'
import { parseBytes, parseDuration } from './units.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** What every accessor takes. Without `default` the variable is required; an empty value counts as unset. */
export interface VariableSpec<D> {
  readonly default?: D
  /** A good value, shown in error messages. */
  readonly example: string
  /** Never show the value. */
  readonly secret?: boolean
}

export interface RangeSpec<D> extends VariableSpec<D> {
  readonly min?: number
  readonly max?: number
}

/**
 * Reads typed values from an environment and remembers every bad one; `finish()` throws them all in one
 * ConfigError. A bad or missing required value reads as a harmless placeholder until then.
 */
export interface EnvReader {
  string<D = string>(name: string, spec: VariableSpec<D> & { pattern?: RegExp; minLength?: number }): string | D
  int<D = number>(name: string, spec: RangeSpec<D>): number | D
  bool<D = boolean>(name: string, spec: VariableSpec<D>): boolean | D
  /** Bytes: "4096", "512MiB", "10GB". */
  bytes<D = number>(name: string, spec: RangeSpec<D>): number | D
  /** Milliseconds from "250ms", "10s", "5m", "12h", "30d". */
  duration<D = number>(name: string, spec: RangeSpec<D>): number | D
  /** An absolute URL, e.g. protocols ["postgres:"]. A password in it is never shown. */
  url<D = URL>(name: string, spec: VariableSpec<D> & { protocols: readonly string[] }): URL | D
  enum<const V extends string, const D = V>(name: string, spec: VariableSpec<D> & { values: readonly V[] }): V | D
  /** Comma separated, trimmed, empty items dropped. */
  list<D = readonly string[]>(
    name: string,
    spec: VariableSpec<D> & { item?: (item: string) => string | undefined }
  ): readonly string[] | D
  /** Report a rule that spans several variables. */
  problem(problem: ConfigProblem): void
  /** Throws ConfigError when anything was bad; otherwise returns `value`. */
  finish<T>(value: T): T
  /** One "NAME=value" line per variable read, secrets hidden, defaults marked. */
  summary(): readonly string[]
}

type Parsed<T> = { readonly value: T } | { readonly reason: string }

interface Kind<T> {
  readonly placeholder: T
  readonly parse: (text: string) => Parsed<T>
  readonly show?: (value: T) => string
}

const bad = (reason: string): { reason: string } => ({ reason })

export const createEnvReader = (env: Env): EnvReader => {
  const problems: ConfigProblem[] = []
  const seen = new Map<string, string>()

  const read = <T, D>(name: string, spec: VariableSpec<D>, kind: Kind<T>): T | D => {
    const text = env[name]
    if (text === undefined || text === '') {
      if ('default' in spec) {
        seen.set(name, spec.default === undefined ? '(not set)' : `${showDefault(spec)} (default)`)
        return spec.default as D
      }
      problems.push({ variable: name, reason: 'is required', example: spec.example })
      return kind.placeholder
    }
    const parsed = kind.parse(text)
    if ('value' in parsed) {
      seen.set(name, spec.secret === true ? '(set)' : (kind.show?.(parsed.value) ?? text))
      return parsed.value
    }
    const value = spec.secret === true ? {} : { value: hideUrlPassword(text) }
    problems.push({ variable: name, ...value, reason: parsed.reason, example: spec.example })
    return kind.placeholder
  }

  return {
    string: (name, spec) => read(name, spec, stringKind(spec)),
    int: (name, spec) => read(name, spec, numberKind(spec, parseInteger, 'must be a whole number')),
    bool: (name, spec) => read(name, spec, { placeholder: false, parse: parseBool }),
    bytes: (name, spec) => read(name, spec, numberKind(spec, parseBytes, 'must be a size such as 512MiB')),
    duration: (name, spec) => read(name, spec, numberKind(spec, parseDuration, 'must be a duration such as 30s')),
    url: (name, spec) => read(name, spec, urlKind(spec.protocols)),
    enum: (name, spec) => read(name, spec, enumKind(spec.values)),
    list: (name, spec) => read(name, spec, listKind(spec.item)),
    problem: (problem) => {
      problems.push(problem)
    },
    finish: (value) => {
      if (problems.length > 0) throw new ConfigError(problems)
      return value
    },
    summary: () => [...seen].map(([name, shown]) => `${name}=${shown}`)
  }
}

const showDefault = (spec: VariableSpec<unknown>): string =>
  spec.secret === true ? '(hidden)' : hideUrlPassword(String(spec.default))

const stringKind = (spec: { pattern?: RegExp; minLength?: number }): Kind<string> => ({
  placeholder: '',
  parse: (text) => {
    if (spec.minLength !== undefined && text.length < spec.minLength) {
      return bad(`must have at least ${spec.minLength} characters`)
    }
    if (spec.pattern !== undefined && !spec.pattern.test(text)) return bad(`must match ${spec.pattern.source}`)
    return { value: text }
  }
})

const parseInteger = (text: string): number | undefined => {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

const numberKind = (
  range: { min?: number; max?: number },
  parse: (text: string) => number | undefined,
  reason: string
): Kind<number> => ({
  placeholder: range.min ?? 0,
  parse: (text) => {
    const value = parse(text)
    if (value === undefined) return bad(reason)
    if (range.min !== undefined && value < range.min) return bad(`must be at least ${range.min}`)
    if (range.max !== undefined && value > range.max) return bad(`must be at most ${range.max}`)
    return { value }
  }
})

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false
}

const parseBool = (text: string): Parsed<boolean> => {
  const value = BOOLEANS[text.toLowerCase()]
  return value === undefined ? bad('must be true or false') : { value }
}

const urlKind = (protocols: readonly string[]): Kind<URL> => ({
  placeholder: new URL(`${protocols[0] ?? 'http:'}//invalid`),
  parse: (text) => {
    const value = URL.parse(text)
    if (value === null) return bad('must be an absolute URL')
    if (!protocols.includes(value.protocol)) return bad(`must start with ${protocols.join(' or ')}`)
    return { value }
  },
  show: (value) => hideUrlPassword(value.href)
})

const enumKind = <V extends string>(values: readonly V[]): Kind<V> => ({
  placeholder: values[0] ?? ('' as V),
  parse: (text) => {
    const value = values.find((candidate) => candidate === text)
    return value === undefined ? bad(`must be one of ${values.join(', ')}`) : { value }
  }
})

/** `check` returns why an item is bad. */
const listKind = (check: ((item: string) => string | undefined) | undefined): Kind<readonly string[]> => ({
  placeholder: [],
  parse: (text) => {
    const value = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
    for (const item of value) {
      const reason = check?.(item)
      if (reason !== undefined) return bad(`${JSON.stringify(item)} ${reason}`)
    }
    return { value }
  }
})

const hideUrlPassword = (text: string): string => text.replace(/(:\/\/[^/@:\s]*):[^/@\s]*@/, '$1:***@')
