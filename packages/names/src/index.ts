export {
  foldName,
  isWindowsReserved,
  MAX_NAME_BYTES,
  type NameFamily,
  type NameResult,
  nameFamily,
  parseName,
  type ValidName
} from './names.ts'
