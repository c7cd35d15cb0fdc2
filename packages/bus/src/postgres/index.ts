export { BUS_SCHEMA, busMigrations } from './bus-migrations.ts'
export { type Backlog, createPostgresBus, type PostgresBus, type PostgresBusOptions } from './postgres-bus.ts'
