export const TUS_VERSION = '1.0.0'
export const TUS_PATH = '/v1/uploads'
export const TUS_BODY_TYPE = 'application/offset+octet-stream'
export const TUS_EXTENSIONS: readonly string[] = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'termination',
  'checksum',
  'expiration',
  'concatenation'
]
