export { BUS_SCHEMA, busMigrations } from './bus-migrations.ts'
export { createPostgresBus, type PostgresBusOptions } from './postgres-bus.ts'
