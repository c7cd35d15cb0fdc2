import type { DescMethod, DescService } from '@bufbuild/protobuf'
import type { ConnectRouter } from '@connectrpc/connect'
import type { RpcBinding } from './binding.ts'

/** The contracts that are answered in this process. Services bind theirs while they are created. */
export interface RpcRegistry {
  /** Throws when the contract is bound already. */
  bind(binding: RpcBinding): void
  has(service: DescService): boolean
  /** Contracts bound so far. */
  readonly size: number
  /** What answers a method here, bound to its implementation. */
  method(method: DescMethod): ((request: never, context: never) => unknown) | undefined
  /** Adds everything bound so far to a router. */
  addTo(router: ConnectRouter): void
}

export const createRpcRegistry = (): RpcRegistry => {
  const bindings = new Map<string, RpcBinding>()
  return {
    bind: (binding) => {
      const { typeName } = binding.service
      if (bindings.has(typeName)) throw new Error(`The contract ${typeName} is bound twice`)
      bindings.set(typeName, binding)
    },
    has: (service) => bindings.has(service.typeName),
    get size() {
      return bindings.size
    },
    method: (method) => {
      const implementation: Record<string, unknown> | undefined = bindings.get(method.parent.typeName)?.implementation
      const answer = implementation?.[method.localName]
      return typeof answer === 'function' ? answer.bind(implementation) : undefined
    },
    addTo: (router) => {
      for (const { service, implementation } of bindings.values()) router.service(service, implementation)
    }
  }
}
