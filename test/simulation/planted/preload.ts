import { registerPlantedBug } from './plant.ts'

/** The environment variable that names the bug of this process; without it nothing is planted. */
const name = process.env['STEERSMAN_PLANTED_BUG']
if (name !== undefined && name !== '') registerPlantedBug(name)
