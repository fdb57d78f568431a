import { measureTerraformOverhead } from './bench/terraform-overhead.ts'
import { measureTerraformUnchanged } from './bench/terraform-unchanged.ts'

const unchanged = await measureTerraformUnchanged()
const overhead = await measureTerraformOverhead()
const measured = Object.entries({ ...overhead, ...unchanged }).map(
  ([key, value]) => [key, Math.round(value * 100) / 100] as const,
)
console.log(JSON.stringify(Object.fromEntries(measured)))

/** Node waits for nothing that the benchmark left behind. */
process.exit()
