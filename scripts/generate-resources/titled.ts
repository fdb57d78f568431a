// Turns a kind's schema into the form that gives readable type names: every titled part stands once under its title.

type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

/** A schema on its way to types: JSON schema with the few fields that the generator reads. */
export interface GeneratorSchema {
  title?: string
  description?: string
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  default?: JsonValue
  required?: string[]
  properties?: Record<string, GeneratorSchema>
  additionalProperties?: GeneratorSchema | boolean
  items?: GeneratorSchema
  tsType?: string
  $ref?: string
  $defs?: Record<string, GeneratorSchema>
  'x-kubernetes-preserve-unknown-fields'?: boolean
}

/** Moves each titled part to `$defs`; fails when one title names two different parts. */
export function hoistTitled(schema: GeneratorSchema): GeneratorSchema {
  const definitions: Record<string, GeneratorSchema> = {}
  const root = mapChildren(prepare(structuredClone(schema)), (child) => hoist(child, definitions))
  if (root.properties) root.properties['metadata'] = { tsType: 'ObjectMetadata' }
  return { ...root, $defs: definitions }
}

/** Renames each part that holds a default to `Defaulted…` and makes its defaulted fields required. */
export function withDefaultsRequired(schema: GeneratorSchema): GeneratorSchema {
  const definitions = schema.$defs ?? {}
  const changed = new Set<string>()
  for (let before = -1; before !== changed.size;) {
    before = changed.size
    for (const [title, definition] of Object.entries(definitions)) {
      if (holdsDefault(definition, changed)) changed.add(title)
    }
  }
  const rename = (part: GeneratorSchema): GeneratorSchema => {
    const target = part.$ref?.replace('#/$defs/', '')
    if (target !== undefined && changed.has(target)) return { ...part, $ref: `#/$defs/Defaulted${target}` }
    return requireDefaulted(mapChildren(part, rename))
  }
  const renamed = Object.entries(definitions).map(([title, definition]): [string, GeneratorSchema] => {
    if (!changed.has(title)) return [title, definition]
    return [`Defaulted${title}`, { ...rename(definition), title: `Defaulted${title}` }]
  })
  const { $defs: _dropped, ...root } = schema
  const { status, ...others } = root.properties ?? {}
  const renamedRoot = rename({ ...root, properties: others })
  if (status && renamedRoot.properties) renamedRoot.properties['status'] = status
  return { ...renamedRoot, title: `Defaulted${root.title ?? ''}`, $defs: Object.fromEntries(renamed) }
}

/** Leaves nothing beside a `$ref`, so that every use of a part gives the same type. */
export function withBareReferences(part: GeneratorSchema): GeneratorSchema {
  if (part.$ref !== undefined) return { $ref: part.$ref }
  const bare = mapChildren(part, withBareReferences)
  if (!part.$defs) return bare
  const definitions = Object.entries(part.$defs).map(([title, definition]) => [
    title,
    withBareReferences(definition),
  ])
  return { ...bare, $defs: Object.fromEntries(definitions) as Record<string, GeneratorSchema> }
}

function hoist(part: GeneratorSchema, definitions: Record<string, GeneratorSchema>): GeneratorSchema {
  const prepared = mapChildren(prepare(part), (child) => hoist(child, definitions))
  const { title, description, default: ownDefault, ...body } = prepared
  if (title === undefined) return prepared
  const known = definitions[title]
  const candidate = { title, ...(description === undefined ? {} : { description }), ...body }
  if (known === undefined) definitions[title] = candidate
  else if (!sameBody(known, candidate))
    throw new Error(`two different parts of the schema are called ${title}`)
  else if (known.description !== description) delete known.description
  return {
    $ref: `#/$defs/${title}`,
    ...(description === undefined ? {} : { description }),
    ...(ownDefault === undefined ? {} : { default: ownDefault }),
  }
}

function sameBody(one: GeneratorSchema, other: GeneratorSchema): boolean {
  const bare = ({ description: _description, ...rest }: GeneratorSchema): string => JSON.stringify(rest)
  return bare(one) === bare(other)
}

function prepare(part: GeneratorSchema): GeneratorSchema {
  if (part['x-kubernetes-preserve-unknown-fields'] !== true || part.type !== 'object') return part
  return { ...part, additionalProperties: true }
}

function mapChildren(
  part: GeneratorSchema,
  change: (child: GeneratorSchema) => GeneratorSchema,
): GeneratorSchema {
  const result = { ...part }
  if (part.properties) {
    result.properties = Object.fromEntries(
      Object.entries(part.properties).map(([name, child]) => [name, change(child)]),
    )
  }
  if (part.items) result.items = change(part.items)
  if (typeof part.additionalProperties === 'object')
    result.additionalProperties = change(part.additionalProperties)
  return result
}

function requireDefaulted(part: GeneratorSchema): GeneratorSchema {
  const defaulted = Object.entries(part.properties ?? {}).filter(([, child]) => child.default !== undefined)
  if (defaulted.length === 0) return part
  return { ...part, required: [...new Set([...(part.required ?? []), ...defaulted.map(([name]) => name)])] }
}

function holdsDefault(part: GeneratorSchema, changed: ReadonlySet<string>): boolean {
  const children = [...Object.values(part.properties ?? {}), ...(part.items ? [part.items] : [])]
  return children.some(
    (child) =>
      child.default !== undefined ||
      (child.$ref !== undefined && changed.has(child.$ref.replace('#/$defs/', ''))) ||
      holdsDefault(child, changed),
  )
}
