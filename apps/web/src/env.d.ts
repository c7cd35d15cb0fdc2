/** Where pdf.js finds its character maps, fonts and decoders; set by the build. */
declare const __PDF_ASSETS__: string
