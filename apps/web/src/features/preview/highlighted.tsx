import { common, createLowlight } from 'lowlight'
import { Fragment, type ReactNode, useMemo } from 'react'
import { extensionOf } from '../../lib/sort.ts'

type Root = ReturnType<ReturnType<typeof createLowlight>['highlight']>
type Child = Root['children'][number]

/** Longer texts are shown plain: colouring them would hold up the page. */
const MAX_COLOURED = 200_000

const ALIASES: Readonly<Record<string, string>> = {
  htm: 'xml',
  html: 'xml',
  xhtml: 'xml',
  svg: 'xml',
  vue: 'xml',
  mjs: 'javascript',
  cjs: 'javascript',
  zsh: 'bash',
  fish: 'bash',
  hpp: 'cpp',
  cc: 'cpp',
  markdown: 'markdown',
  conf: 'ini',
  toml: 'ini',
  json5: 'json',
  jsonc: 'json',
  patch: 'diff'
}

interface HighlightedProps {
  readonly text: string
  readonly name: string
}

/** Text with line numbers, coloured by kind. Made of elements, never of markup: nothing in it is interpreted. */
export const Highlighted = ({ text, name }: HighlightedProps) => {
  const tree = useMemo(() => {
    const lowlight = createLowlight(common)
    const extension = extensionOf(name)
    const language = ALIASES[extension] ?? extension
    return text.length <= MAX_COLOURED && lowlight.registered(language) ? lowlight.highlight(language, text) : undefined
  }, [text, name])
  const lines = text.split('\n').length
  return (
    <div className="flex min-w-0 font-mono text-[0.8125rem] leading-5.5">
      <pre aria-hidden="true" className="shrink-0 pe-4 text-end text-faint select-none">
        {Array.from({ length: lines }, (_, at) => at + 1).join('\n')}
      </pre>
      <pre className="code min-w-0 grow overflow-x-auto">{tree === undefined ? text : tree.children.map(render)}</pre>
    </div>
  )
}

const render = (child: Child, at: number): ReactNode => {
  if (child.type === 'text') return <Fragment key={at}>{child.value}</Fragment>
  if (child.type !== 'element') return null
  const names = child.properties['className']
  return (
    <span key={at} className={Array.isArray(names) ? names.join(' ') : undefined}>
      {child.children.map((inner, index) => render(inner as Child, index))}
    </span>
  )
}
