export type { Backlog, Bus, BusConsumer, BusMessage, DeadLetter, DeadLetters, Subscription } from './bus.ts'
export { createInbox, type Inbox } from './inbox.ts'
