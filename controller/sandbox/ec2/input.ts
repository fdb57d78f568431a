import { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalRecords, optionalText, texts } from '../members.ts'
import type { Tag } from './state.ts'

/** A text member that the operation cannot do without. */
export function required(input: Members, name: string): string {
  const value = optionalText(input, name)
  if (value !== undefined && value !== '') return value
  throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`)
}

/** A whole number, or undefined: EC2's protocol sends text. */
export function number(input: Members, name: string): number | undefined {
  const value = optionalText(input, name)
  if (value === undefined || value === '') return undefined
  const parsed = Number(value)
  if (Number.isInteger(parsed)) return parsed
  throw invalidValue(`Value (${value}) for parameter ${name} is invalid.`)
}

/** The tags that a request has for a new resource of that type. */
export function tagsFor(input: Members, resourceType: string): Tag[] {
  return (optionalRecords(input, 'TagSpecification') ?? [])
    .filter((specification) => specification['ResourceType'] === resourceType)
    .flatMap((specification) => tagsIn(specification))
}

/** The list `Tag` of a request or of a part of it. */
export function tagsIn(input: Members): Tag[] {
  return (optionalRecords(input, 'Tag') ?? []).map((tag) => ({
    key: required(tag, 'Key'),
    value: optionalText(tag, 'Value') ?? '',
  }))
}

/** Whether a row passes every filter of a request; `values` are what the row has under the filter's name. */
export function passes(input: Members, values: (name: string) => readonly string[] | undefined): boolean {
  return (optionalRecords(input, 'Filter') ?? []).every((filter) => {
    const name = required(filter, 'Name')
    const has = values(name)
    if (has === undefined) throw invalidValue(`The filter '${name}' is invalid`)
    return texts(filter, 'Value').some((wanted) => has.includes(wanted))
  })
}

/** What the filters `tag:KEY` and `tag-key` look at; undefined for a filter of another name. */
export function tagFilter(name: string, tags: readonly Tag[]): string[] | undefined {
  if (name === 'tag-key') return tags.map((tag) => tag.key)
  if (!name.startsWith('tag:')) return undefined
  return tags.filter((tag) => `tag:${tag.key}` === name).map((tag) => tag.value)
}

/** EC2's answer to a value it does not accept. */
export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}
