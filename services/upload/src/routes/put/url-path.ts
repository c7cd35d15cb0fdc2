import { CairnError } from '@cairn/contracts'

/**
 * The path behind `/files/` from the raw request target, decoded once and segment by segment, so that
 * no encoded slash or dot can change its shape.
 */
export const pathFromUrl = (target: string): string => {
  const [path = ''] = target.split('?', 1)
  const marker = '/files/'
  const segments = path.slice(path.indexOf(marker) + marker.length).split('/')
  return segments.map(decodeSegment).join('/')
}

const decodeSegment = (segment: string): string => {
  const name = decode(segment)
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) throw invalidPath()
  return name
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    throw invalidPath(error)
  }
}

const invalidPath = (cause?: unknown): CairnError =>
  new CairnError('invalid_name', 'The path has a segment that cannot be a name.', { cause })
