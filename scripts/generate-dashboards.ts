// Writes the dashboards for Grafana; with --check it writes nothing and exits 1 when one is not current.
import { controller } from './generate-dashboards/controller.ts'
import { renderDashboard } from './generate-dashboards/dashboard.ts'
import { environment } from './generate-dashboards/environment.ts'
import { fleet } from './generate-dashboards/fleet.ts'
import { release } from './generate-dashboards/release.ts'
import { keepCurrent } from './generate/keep-current.ts'

await keepCurrent(
  new URL('..', import.meta.url),
  Object.fromEntries(
    [fleet, environment, release, controller].map((dashboard) => [
      `charts/steersman/dashboards/${dashboard.name}.json`,
      `${JSON.stringify(renderDashboard(dashboard), undefined, 2)}\n`,
    ]),
  ),
)
