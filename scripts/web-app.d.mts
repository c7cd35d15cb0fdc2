export declare const ensureWebApp: (root: string, node: string) => boolean
