import ReactMarkdown from 'react-markdown'
import gfm from 'remark-gfm'

/**
 * Markdown as elements. HTML in it is left out, addresses other than http, https and mailto are dropped, and
 * pictures from elsewhere are refused by the page's policy: opening a file tells nobody.
 */
export const Markdown = ({ text }: { readonly text: string }) => (
  <article className="markdown min-w-0">
    <ReactMarkdown
      remarkPlugins={[gfm]}
      skipHtml
      components={{
        a: ({ href, children }) => (
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {children}
          </a>
        ),
        img: ({ alt }) => <span className="text-muted">[{alt}]</span>
      }}
    >
      {text}
    </ReactMarkdown>
  </article>
)
