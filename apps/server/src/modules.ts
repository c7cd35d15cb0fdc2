import type { Env } from '@cairn/runtime'
import type { ServiceHost, ServiceInstance, ServiceModule } from '@cairn/service'
import { archiveModule } from '@cairn/service-archive'
import { authModule } from '@cairn/service-auth'
import { metadataModule } from '@cairn/service-metadata'
import { previewModule } from '@cairn/service-preview'
import { storageModule } from '@cairn/service-storage'
import { uploadModule } from '@cairn/service-upload'
import { webModule } from './web/web-module.ts'

/** A module with its configuration read and checked, ready to be created. */
export interface PreparedModule {
  readonly name: string
  readonly dependencies: readonly string[]
  create(host: ServiceHost): Promise<ServiceInstance>
}

/** Reads the module's configuration now, so that every bad value is known before anything starts. */
export const prepareModule = <Config>(module: ServiceModule<Config>, env: Env): PreparedModule => {
  const config = module.config(env)
  return {
    name: module.name,
    dependencies: module.dependencies,
    create: (host) => module.create(host, config)
  }
}

/** The services of this process; the graph sorts them. */
export const servicesOf = (env: Env): PreparedModule[] => [
  prepareModule(authModule, env),
  prepareModule(metadataModule, env),
  prepareModule(storageModule, env),
  prepareModule(uploadModule, env),
  prepareModule(archiveModule, env),
  prepareModule(previewModule, env),
  prepareModule(webModule, env)
]
