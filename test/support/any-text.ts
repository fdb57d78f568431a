import fc from 'fast-check'

/** Each half of a pair stands for no character. */
const SURROGATES = { first: 0xd800, count: 0x800 }

const character = fc
  .nat(0x10_ffff - SURROGATES.count)
  .map((number) => String.fromCodePoint(number < SURROGATES.first ? number : number + SURROGATES.count))

/** Text of any characters. fast-check's own, of unit `binary`, first makes a table of them all: most of a second for each process. */
export const anyText = (constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ unit: character, ...constraints })
