import { environmentSchema } from '../resources/generated/environment.ts'
import { releaseSchema } from '../resources/generated/release.ts'
import { rolloutSchema } from '../resources/generated/rollout.ts'
import type { Schema } from '../resources/schema.ts'
import type { Route } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** The API as an OpenAPI 3.1 document, made from the table of routes and the schemas of the kinds. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Steersman',
      version,
      description:
        'What runs where, and the few things that people ask for. Fields that could hold secrets are left out of answers.',
    },
    security: [{ token: [] }],
    paths: { ...pathsOf(routes), '/api/v1/watch': watchPath },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ...kindSchemas('Environment', environmentSchema),
        ...kindSchemas('Release', releaseSchema),
        ...kindSchemas('Rollout', rolloutSchema),
        Error: errorSchema,
      },
    },
  }
}

function pathsOf(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `/api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return paths
}

function operationOf({ path, role, summary, query, body, answer }: Route): Json {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const inQuery = Object.entries(query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }))
  return {
    summary,
    description: `Needs the role ${role}.`,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined
      ? {}
      : {
          requestBody: { content: json({ type: 'object', additionalProperties: false, properties: body }) },
        }),
    responses: {
      '200': { description: 'The object, after it was changed.', content: json(reference(answer)) },
      default: refused,
    },
  }
}

const json = (schema: Json): Json => ({ 'application/json': { schema } })
const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const refused = { description: 'Why not, and how to mend it.', content: json(reference('Error')) }

const watchPath = {
  get: {
    summary:
      'Changes as server-sent events: ADDED, MODIFIED or DELETED with the object. 410 when the list has to be read again.',
    description: 'Needs the role viewer.',
    parameters: [
      ...['kinds', 'environment', 'resourceVersion'].map((name) => ({
        name,
        in: 'query',
        schema: { type: 'string' },
      })),
      { name: 'Last-Event-ID', in: 'header', schema: { type: 'string' } },
    ],
    responses: {
      '200': { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      default: refused,
    },
  },
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'remedy'],
      properties: {
        code: { type: 'string', description: 'For programs.' },
        message: { type: 'string', description: 'What is wrong and why.' },
        remedy: { type: 'string', description: 'How to mend it.' },
      },
    },
  },
}

function kindSchemas(kind: string, schema: Schema): Json {
  return {
    [kind]: plain(schema),
    [`${kind}List`]: {
      type: 'object',
      required: ['apiVersion', 'kind', 'metadata', 'items'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string', enum: [`${kind}List`] },
        metadata: {
          type: 'object',
          required: ['resourceVersion'],
          properties: { resourceVersion: { type: 'string' }, continue: { type: 'string' } },
        },
        items: { type: 'array', items: reference(kind) },
      },
    },
  }
}

/** OpenAPI 3.1 speaks JSON Schema, which has no `nullable`; Kubernetes' own words are of no use to a client. */
function plain(schema: Schema): Json {
  const { nullable, properties, items, additionalProperties, ...rest } = schema
  const kept = Object.entries(rest).filter(([name]) => !name.startsWith('x-kubernetes-'))
  return {
    ...Object.fromEntries(kept),
    ...(nullable === true && schema.type !== undefined ? { type: [schema.type, 'null'] } : {}),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, plain(each)]),
          ),
        }),
    ...(items === undefined ? {} : { items: plain(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: plain(additionalProperties) }),
  }
}
