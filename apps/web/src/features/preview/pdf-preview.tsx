import type { Node } from '@cairn/client'
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useEffect, useRef, useState } from 'react'
import { contentUrl } from '../../api/content-url.ts'
import { useLocale } from '../../app/locale.tsx'
import { Spinner } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

const CSRF = { 'x-cairn-csrf': '1' }

/** Drawn by pdf.js: scripts in the file are not run, fonts and pictures come from it or from us. */
export const PdfPreview = ({ node }: { readonly node: Node }) => {
  const { t } = useLocale()
  const [document, setDocument] = useState<PDFDocumentProxy>()
  const [failed, setFailed] = useState(false)
  const url = contentUrl(node.driveId, node.id, node.versionId ?? undefined)

  useEffect(() => {
    GlobalWorkerOptions.workerSrc = workerUrl
    const task = getDocument({
      url,
      httpHeaders: CSRF,
      withCredentials: true,
      enableXfa: false,
      cMapUrl: `${__PDF_ASSETS__}cmaps/`,
      standardFontDataUrl: `${__PDF_ASSETS__}standard_fonts/`,
      wasmUrl: `${__PDF_ASSETS__}wasm/`,
      iccUrl: `${__PDF_ASSETS__}iccs/`,
      rangeChunkSize: 256 * 1024
    })
    task.promise.then(setDocument, () => setFailed(true))
    return () => void task.destroy()
  }, [url])

  if (failed) {
    return (
      <div className="mx-auto max-w-lg p-8">
        <Notice kind="error">{t.preview.failed}</Notice>
      </div>
    )
  }
  if (document === undefined) {
    return (
      <div role="status" className="grid h-full place-items-center">
        <Spinner className="size-6" />
      </div>
    )
  }
  return (
    <div tabIndex={0} role="region" aria-label={node.name} data-own-keys className="h-full overflow-auto bg-sunken">
      <p className="sr-only">{t.preview.pages(document.numPages)}</p>
      <div className="mx-auto grid max-w-4xl gap-4 p-4">
        {pagesOf(document).map((number) => (
          <Page key={number} document={document} number={number} />
        ))}
      </div>
    </div>
  )
}

/** Drawn when it comes near the screen, and as sharp as that is. */
const Page = ({ document, number }: { readonly document: PDFDocumentProxy; readonly number: number }) => {
  const { t } = useLocale()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [near, setNear] = useState(number === 1)
  const [ratio, setRatio] = useState(Math.SQRT2)

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), {
      rootMargin: '100% 0px'
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    if (!near) return
    let cancelled = false
    let stop = () => {}
    const draw = async () => {
      const page = await document.getPage(number)
      const target = canvas.current
      if (cancelled || target === null || frame.current === null) return
      const plain = page.getViewport({ scale: 1 })
      setRatio(plain.height / plain.width)
      const scale = (frame.current.clientWidth / plain.width) * Math.min(2, window.devicePixelRatio)
      const viewport = page.getViewport({ scale })
      target.width = Math.floor(viewport.width)
      target.height = Math.floor(viewport.height)
      const task = page.render({ canvas: target, viewport })
      stop = () => task.cancel()
      await task.promise
    }
    // A page that cannot be drawn stays white; the others are shown.
    draw().catch(() => undefined)
    return () => {
      cancelled = true
      stop()
    }
  }, [document, near, number])

  return (
    <div ref={frame} className="overflow-hidden rounded bg-white shadow-card" style={{ aspectRatio: `1 / ${ratio}` }}>
      {near && <canvas ref={canvas} role="img" aria-label={t.preview.page(number)} className="size-full" />}
    </div>
  )
}

const pagesOf = ({ numPages }: PDFDocumentProxy): readonly number[] =>
  Array.from({ length: numPages }, (_, at) => at + 1)
