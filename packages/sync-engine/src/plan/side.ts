import type { Entity } from '../merge/entity.ts'
import { joinPath } from '../trees/local-tree.ts'

/** Something in the way that is no entity. */
export const FOREIGN = 'foreign'

/** Where everything stands on one side, after the actions planned so far. */
export class Side {
  readonly #root: Entity
  readonly #slotKey: (name: string) => string
  readonly #places = new Map<Entity, { readonly parent: Entity; readonly name: string }>()
  readonly #slots = new Map<string, Entity | typeof FOREIGN>()

  constructor(root: Entity, slotKey: (name: string) => string) {
    this.#root = root
    this.#slotKey = slotKey
  }

  put(entity: Entity, parent: Entity, name: string): void {
    const before = this.#places.get(entity)
    if (before !== undefined && this.occupant(before.parent, before.name) === entity) {
      this.#slots.delete(this.#slot(before.parent, before.name))
    }
    this.#places.set(entity, { parent, name })
    this.#slots.set(this.#slot(parent, name), entity)
  }

  block(parent: Entity, name: string): void {
    this.#slots.set(this.#slot(parent, name), FOREIGN)
  }

  occupant(parent: Entity, name: string): Entity | typeof FOREIGN | undefined {
    return this.#slots.get(this.#slot(parent, name))
  }

  has(entity: Entity): boolean {
    return entity === this.#root || this.#places.has(entity)
  }

  isAt(entity: Entity, parent: Entity, name: string): boolean {
    const place = this.#places.get(entity)
    return place !== undefined && place.parent === parent && place.name === name
  }

  /** The folder it is in, and the folders above. */
  *above(entity: Entity): Generator<Entity, void, void> {
    for (let at = this.#places.get(entity); at !== undefined; at = this.#places.get(at.parent)) yield at.parent
  }

  path(entity: Entity): string {
    const place = this.#places.get(entity)
    return place === undefined ? '' : joinPath(this.path(place.parent), place.name)
  }

  #slot(parent: Entity, name: string): string {
    return `${parent.key}/${this.#slotKey(name)}`
  }
}
