import type { DescService } from '@bufbuild/protobuf'
import type { ServiceImpl } from '@connectrpc/connect'

/** A contract and what answers it in this process. */
export interface RpcBinding {
  readonly service: DescService
  readonly implementation: Partial<ServiceImpl<DescService>>
}

/** Keeps the implementation's types while it is built, forgets them for the registry. */
export const bindRpc = <S extends DescService>(service: S, implementation: ServiceImpl<S>): RpcBinding => ({
  service,
  implementation: implementation as Partial<ServiceImpl<DescService>>
})
