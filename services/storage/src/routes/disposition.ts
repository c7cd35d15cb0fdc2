import { Type } from 'typebox'

export const Disposition = Type.Optional(
  Type.Unsafe<'inline' | 'attachment'>({
    type: 'string',
    enum: ['inline', 'attachment'],
    description: 'inline: to be shown, where the type is one that cannot run anything. Default attachment'
  })
)
