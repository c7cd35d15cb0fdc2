/**
 * A name from the server as one this system can hold; what it cannot is written as %XX. Servers may
 * send anything: the result is never empty, never `.` or `..`, and has no separator.
 */
export function localName(name: string, os: NodeJS.Platform): string {
  if (name === '') return '%'
  if (/^\.\.?$/.test(name)) return name.replaceAll('.', '%2E')
  return os === 'win32' ? windowsName(name) : name.replace(/[/\0]/g, percent)
}

function windowsName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Windows refuses them
  const plain = name.replace(/[<>:"/\\|?*\u0000-\u001f]/g, percent).replace(/[. ]$/, percent)
  return DEVICE.test(plain) ? percent(plain.charAt(0)) + plain.slice(1) : plain
}

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\s*(?:\..*)?)$/i

const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** Equal for names that the system may take for the same. */
export const localKey = (name: string, os: NodeJS.Platform): string =>
  os === 'win32' || os === 'darwin' ? name.normalize('NFC').toLowerCase() : name
