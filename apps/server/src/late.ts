/** A value that exists once its maker has started; using it earlier is a mistake in the module graph. */
export interface Late<T extends object> {
  readonly value: T
  set(value: T): void
}

/** `value` is a stand-in that passes every property on to what was set. */
export const createLate = <T extends object>(name: string): Late<T> => {
  let made: T | undefined
  const value = new Proxy({} as T, {
    get: (_, property) => {
      if (!made) throw new Error(`${name} was used before it had started`)
      const member: unknown = Reflect.get(made, property)
      return typeof member === 'function' ? member.bind(made) : member
    }
  })
  return {
    value,
    set: (given) => {
      made = given
    }
  }
}
