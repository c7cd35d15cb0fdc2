/** What the graph needs to know about a module. */
export interface ModuleNode {
  readonly name: string
  readonly dependencies: readonly string[]
}

/** The module graph cannot be started: a name is missing, doubled, or part of a cycle. */
export class ModuleGraphError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ModuleGraphError'
  }
}

/**
 * Dependencies before dependants; otherwise the given order is kept. A dependency in `external` is
 * provided by another process and imposes no order. Throws ModuleGraphError.
 */
export const sortModules = <M extends ModuleNode>(
  modules: readonly M[],
  external: ReadonlySet<string> = new Set()
): readonly M[] => {
  const byName = indexByName(modules)
  const sorted: M[] = []
  const done = new Set<string>()

  const visit = (module: M, path: readonly string[]): void => {
    if (done.has(module.name)) return
    if (path.includes(module.name)) {
      const cycle = [...path.slice(path.indexOf(module.name)), module.name]
      throw new ModuleGraphError(`Modules depend on each other in a circle: ${cycle.join(' → ')}`)
    }
    for (const name of module.dependencies) {
      const dependency = byName.get(name)
      if (dependency !== undefined) visit(dependency, [...path, module.name])
      else if (!external.has(name)) {
        throw new ModuleGraphError(`Module "${module.name}" needs "${name}", which is neither started here nor remote`)
      }
    }
    done.add(module.name)
    sorted.push(module)
  }

  for (const module of modules) visit(module, [])
  return sorted
}

const indexByName = <M extends ModuleNode>(modules: readonly M[]): ReadonlyMap<string, M> => {
  const byName = new Map<string, M>()
  for (const module of modules) {
    if (byName.has(module.name)) throw new ModuleGraphError(`Module "${module.name}" is listed twice`)
    byName.set(module.name, module)
  }
  return byName
}
