import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '../request-error.ts'
import { asPage } from '../server/headers.ts'

const directory = new URL('../../dashboard/', import.meta.url)

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

interface PageFile {
  readonly type: string
  readonly body: Buffer
  readonly tag: string
}

/** Serves the status page at `/` and its files below `/page/`: the files that are there at the start and no other path, whatever a request asks. */
export async function addPage(app: FastifyInstance): Promise<void> {
  const files = await readFiles()
  app.get('/', (request, reply) => send(request, reply, files.get('index.html')))
  app.get<{ Params: { file: string } }>('/page/:file', (request, reply) =>
    send(request, reply, files.get(request.params.file)),
  )
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile | undefined): FastifyReply {
  if (file === undefined) throw notFound('that file of the page')
  asPage(reply).header('etag', file.tag)
  if (request.headers['if-none-match'] === file.tag) return reply.code(304).send()
  return reply.header('content-type', file.type).send(file.body)
}

async function readFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const names = (await readdir(directory)).filter((name) => typeOf(name) !== undefined)
  const files = await Promise.all(names.map(async (name) => [name, await readPageFile(name)] as const))
  return new Map(files)
}

async function readPageFile(name: string): Promise<PageFile> {
  const body = await readFile(new URL(name, directory))
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type: typeOf(name) ?? '', body, tag }
}

const typeOf = (name: string): string | undefined => types[name.split('.').at(-1) ?? '']
