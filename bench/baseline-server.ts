// The floor everything is compared with: bytes from a socket into a file, and back, with plain node:http.
import { createReadStream, createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const folder = process.argv[2] ?? '.'
const server = createServer((request, response) => {
  const file = join(folder, 'baseline.bin')
  if (request.method === 'PUT') {
    request.pipe(createWriteStream(file)).on('finish', () => response.writeHead(201).end())
  } else {
    createReadStream(file).pipe(response)
  }
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`${JSON.stringify({ port: address.port })}\n`)
})
