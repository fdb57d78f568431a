/** What an overlay says of a pin; null takes away what the base says. */
export type PinPatch = Readonly<Record<string, string | number | null>> | null
