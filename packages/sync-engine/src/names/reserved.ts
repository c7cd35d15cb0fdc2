/** The engine's own folder at the top: temp files, local trash, marker. Never synced. */
export const OWN_FOLDER = '.cairn-sync'
