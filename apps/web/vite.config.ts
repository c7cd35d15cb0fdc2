import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pdfAssets } from './build/pdf-assets.ts'

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration so
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), pdfAssets()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'static',
    target: 'es2023',
    // The policy allows no data: fonts, and every file is cached for good anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000
  },
  worker: { format: 'es' },
  server: { proxy: { '/v1': 'http://localhost:8080' } }
})
