const segment = encodeURIComponent

/** Where the browser itself fetches bytes: cookies sign the request. */
export const contentUrl = (drive: string, node: string, version?: string): string =>
  `/v1/drives/${segment(drive)}/nodes/${segment(node)}/content${version === undefined ? '' : `?version=${segment(version)}`}`

/** With the version in it, the answer is kept by the browser: scrolling back costs no request. */
export const thumbnailUrl = (
  node: { readonly driveId: string; readonly id: string; readonly versionId: string | null },
  size: 64 | 256 | 1024
): string =>
  `/v1/drives/${segment(node.driveId)}/nodes/${segment(node.id)}/thumbnail?size=${size}&version=${segment(node.versionId ?? '')}`

/** For a tab of its own: shown there when nothing in it can run, else downloaded. */
export const inlineUrl = (drive: string, node: string): string => `${contentUrl(drive, node)}?disposition=inline`
