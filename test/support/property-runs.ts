/** On how many inputs a property is tried: `usual`, unless `STEERSMAN_PROPERTY_RUNS` asks for more or fewer. */
export function propertyRuns(usual: number): number {
  return Number(process.env['STEERSMAN_PROPERTY_RUNS'] ?? usual)
}
